import { Application, EventStream, Kafka, StartFrom, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { EXAMPLES } from '../examples/synthesize';

jest.setTimeout(400_000);

/** The example with the lines that its README adds. */
function withAudit(): Application {
  const bank = new Application('bank');
  const programs = { image: 'bank/programs:1.0.0', buildContext: { directory: join(EXAMPLES, '07-event-stream-replay/programs') } };
  const bookings = new EventStream(bank, 'bookings', { broker: new Kafka(bank, 'broker'), partitions: 3 });
  bookings.grantPublish(new Workload(bank, 'teller', { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] }));
  bookings.grantRead(new Workload(bank, 'balance', { ...programs, args: ['python', '-u', 'balance.py'] }));
  bookings.grantRead(new Workload(bank, 'alarm', { ...programs, args: ['python', '-u', 'alarm.py'] }), { startFrom: StartFrom.latest() });
  bookings.grantRead(new Workload(bank, 'audit', { ...programs, args: ['python', '-u', 'balance.py'] }), { startFrom: StartFrom.beginning() });
  return bank;
}

describeLive('an event stream (examples/07-event-stream-replay)', engine => {
  let bank: Deployment;
  beforeAll(async () => {
    bank = engine.example('07-event-stream-replay');
    await bank.start();
  });
  afterAll(() => bank.remove());

  const book = (...bookings: string[]) => bank.exec('teller', 'python', 'book.py', ...bookings);
  const linesOf = async (workload: string) => (await bank.logs(workload)).map(({ text }) => text);
  const says = (workload: string, line: string) => eventually(async () => (await linesOf(workload)).includes(line), { what: `${workload} to say '${line}'`, timeoutMs: 60_000 });

  it('comes to every reader, in order for each account', async () => {
    await book('alice=100', 'bob=50', 'alice=-30', 'alice=5000');
    await says('balance', 'alice has 5070');
    expect((await linesOf('balance')).filter(line => line.startsWith('alice'))).toEqual(['alice has 100', 'alice has 70', 'alice has 5070']);
    await says('alarm', 'large booking: alice 5000');
  });

  it('is read from the beginning by a reader that comes later, while those that were there go on', async () => {
    const [{ id }] = await bank.replicas('balance');
    await bank.update(withAudit());
    await says('audit', 'alice has 5070');
    expect((await linesOf('audit')).filter(line => line.startsWith('alice'))).toEqual(['alice has 100', 'alice has 70', 'alice has 5070']);
    expect((await bank.replicas('balance')).map(replica => replica.id)).toEqual([id]);
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await bank.delete()).toEqual({ left: [], lost: [] });
  });
});
