import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(300_000);

describeLive('priority and delay (examples/08-priority-and-delay)', engine => {
  let helpdesk: Deployment;
  beforeAll(async () => {
    helpdesk = engine.example('08-priority-and-delay');
    await helpdesk.start();
  });
  afterAll(() => helpdesk.remove());

  const linesOf = async (workload: string) => (await helpdesk.logs(workload)).map(({ text }) => text);
  const says = (workload: string, ...lines: string[]) => eventually(async () => {
    const all = await linesOf(workload);
    return lines.every(line => all.includes(line)) && all.filter(line => lines.includes(line));
  }, { what: `${workload} to say ${lines.join(', ')}`, timeoutMs: 60_000 });

  it('serves the urgent ticket first', async () => {
    await helpdesk.stop('agent');
    await helpdesk.exec('desk', 'python', 'ticket.py', '1:printer', '5:mail', '9:server');
    await helpdesk.resume('agent');
    expect(await says('agent', 'done printer', 'done mail', 'done server')).toEqual(['done server', 'done mail', 'done printer']);
  });

  it('delivers the reminder ten seconds later', async () => {
    const sent = Date.now();
    await helpdesk.exec('desk', 'python', 'ticket.py', 'later:call back', 'at once');
    await says('agent', 'done at once');
    expect(await linesOf('agent')).not.toContain('done call back');
    await says('agent', 'done call back');
    expect(Date.now() - sent).toBeGreaterThan(10_000);
  });

  it('tries again what failed, and gives it up to the supervisor', async () => {
    await helpdesk.exec('desk', 'python', 'ticket.py', 'impossible');
    await says('supervisor', 'given up impossible');
    expect((await linesOf('agent')).filter(line => line.startsWith('failed'))).toHaveLength(3);
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await helpdesk.delete()).toEqual({ left: [], lost: [] });
  });
});
