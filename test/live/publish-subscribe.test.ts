import { Application, BrokeredTopic, RabbitMq, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { EXAMPLES } from '../examples/synthesize';

jest.setTimeout(300_000);

/** The example with the lines that its README adds. */
function withSailing(): Application {
  const weather = new Application('weather');
  const programs = { image: 'weather/programs:1.0.0', buildContext: { directory: join(EXAMPLES, '06-publish-subscribe/programs') } };
  const broker = new RabbitMq(weather, 'broker');
  const readings = new BrokeredTopic(weather, 'readings', { broker });
  readings.grantPublish(new Workload(weather, 'station', { ...programs, args: ['python', '-u', 'station.py'] }));
  readings.subscribe(new Workload(weather, 'archive', { ...programs, args: ['python', '-u', 'subscriber.py'], replicas: 2 }), { prefetch: 10 });
  readings.subscribe(new Workload(weather, 'heating', { ...programs, args: ['python', '-u', 'subscriber.py'] }), { filter: 'temperature.#' });
  readings.subscribe(new Workload(weather, 'sailing', { ...programs, args: ['python', '-u', 'subscriber.py'] }), { filter: 'wind.*' });
  return weather;
}

describeLive('publish and subscribe (examples/06-publish-subscribe)', engine => {
  let weather: Deployment;
  beforeAll(async () => {
    weather = engine.example('06-publish-subscribe');
    await weather.start();
  });
  afterAll(() => weather.remove());

  const publish = (...readings: string[]) => weather.exec('station', 'python', 'publish.py', ...readings);
  const countOf = async (workload: string, reading: string) => (await weather.logs(workload)).filter(({ text }) => text === `got ${reading}`).length;
  const got = (workload: string, reading: string) => eventually(async () => await countOf(workload, reading) === 1, { what: `${workload} to get '${reading}' once`, timeoutMs: 60_000 });

  it('gives each subscriber what it has chosen, once, however many copies of it there are', async () => {
    await publish('temperature.berlin=31', 'wind.paris=12');
    for (const reading of ['temperature.berlin 31', 'wind.paris 12']) await got('archive', reading);
    await got('heating', 'temperature.berlin 31');
    expect(await countOf('heating', 'wind.paris 12')).toBe(0);
  });

  it('keeps for a subscriber what comes while it is down', async () => {
    await weather.stop('heating');
    await publish('temperature.oslo=-5');
    await got('archive', 'temperature.oslo -5');
    await weather.resume('heating');
    await got('heating', 'temperature.oslo -5');
  });

  it('takes a new subscriber without touching the publisher', async () => {
    const [{ id }] = await weather.replicas('station');
    await weather.update(withSailing());
    expect((await weather.replicas('station')).map(replica => replica.id)).toEqual([id]);
    await eventually(() => publish('wind.london=40', 'temperature.london=9'), { what: 'the broker to take readings again', timeoutMs: 60_000 });
    await got('sailing', 'wind.london 40');
    expect(await countOf('sailing', 'temperature.london 9')).toBe(0);
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await weather.delete()).toEqual({ left: [], lost: [] });
  });
});
