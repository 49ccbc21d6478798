import { Application, Network, Protocol, Workload } from 'cdk8s-conduit';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { ANSWERER, probe } from './probing';

jest.setTimeout(240_000);

const OPEN = [{ name: 'web', number: 8080 }, { name: 'names', number: 5353, protocol: Protocol.UDP }];

/** `middle` is on both networks; `alone` is on none, and everyone listens on port 9090, too, which nobody declares. */
function build(): Application {
  const application = new Application('networks');
  const program = (id: string) => new Workload(application, id, {
    image: 'python:3.13-slim', args: ['python', '-c', ANSWERER, id, '8080', '5353u', '9090'], ports: OPEN,
  });
  const [left, middle, right, alone] = ['left', 'middle', 'right', 'alone'].map(program);
  const [front, back] = ['front', 'back'].map(id => new Network(application, id));
  for (const member of [left, middle]) front.add(member);
  for (const member of [middle, right]) back.add(member);
  alone.connectTo(left.endpoint('web'));
  return application;
}

describeLive('workloads on networks that a program defines', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build());
    await deployment.start();
  });
  afterAll(() => deployment.remove());

  const ask = async (from: string, host: string, port: number, udp = false) => {
    const [outcome] = await probe(deployment, [{ from, host, port, udp }]);
    return 'answer' in outcome ? outcome.answer : 'closed';
  };
  const addressOf = async (workload: string) => (await deployment.replicas(workload))[0].addresses;

  it.each([['left', 'middle'], ['middle', 'left'], ['middle', 'right'], ['right', 'middle']])('let %s reach %s, by TCP and by UDP', async (from, host) => {
    expect([await ask(from, host, 8080), await ask(from, host, 5353, true)]).toEqual([host, host]);
  });

  it.each([['left', 'right'], ['right', 'left'], ['alone', 'middle'], ['alone', 'right']])('keep %s from %s, by name and by address', async (from, host) => {
    for (const place of [host, ...await addressOf(host)]) expect([await ask(from, place, 8080), await ask(from, place, 5353, true)]).toEqual(['closed', 'closed']);
  });

  it('leave an edge as it is', async () => {
    expect(await ask('alone', 'left', 8080)).toBe('left');
  });

  it('close a port that nobody declared; on Compose it is open, as the fidelity report says', async () => {
    expect(await ask('left', 'middle', 9090)).toBe(engine.name === 'Compose' ? 'middle' : 'closed');
  });

  it('follow a member that is made anew', async () => {
    await deployment.replace('middle');
    expect([await ask('left', 'middle', 8080), await ask('middle', 'right', 8080)]).toEqual(['middle', 'right']);
  });
});
