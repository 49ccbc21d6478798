import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(300_000);

describeLive('a work queue (examples/04-work-queue)', engine => {
  let work: Deployment;
  beforeAll(async () => {
    work = engine.example('04-work-queue');
    await work.start();
  });
  afterAll(() => work.remove());

  const send = (...messages: string[]) => work.runOnce('client', 'python', '-u', 'client.py', ...messages);
  const linesWith = async (part: string) => (await work.logs('worker')).filter(({ text }) => text.includes(part));
  const countLines = async (text: string) => (await linesWith(text)).length;
  const done = (message: string) => eventually(async () => await countLines(`done '${message}'`) === 1, { what: `'${message}' to be done`, timeoutMs: 60_000 });

  it('hands the classic client\'s message to the classic worker', async () => {
    await done('a task that takes three seconds...');
  });

  it('shares the work among five workers', async () => {
    await send(...Array.from({ length: 20 }, (_, index) => `share ${index}.`));
    await eventually(async () => await countLines("done 'share ") === 20, { what: 'twenty tasks to be done', timeoutMs: 60_000 });
    expect(new Set((await linesWith("done 'share ")).map(({ replica }) => replica)).size).toBe(5);
  });

  it('delivers again what a worker had not finished when it was killed', async () => {
    await send('killed........');
    const [{ replica: busy }] = await eventually(async () => {
      const lines = await linesWith("received 'killed........'");
      return lines.length > 0 && lines;
    }, { what: 'a worker to begin' });
    await work.kill({ workload: 'worker', replica: (await work.replicas('worker')).findIndex(({ name }) => name === busy) });
    await done('killed........');
    expect(await countLines("received 'killed........' again")).toBe(1);
  });

  it('keeps messages when the broker is killed', async () => {
    await work.stop('worker');
    await send(...Array.from({ length: 10 }, (_, index) => `kept ${index}`));
    await work.kill('broker');
    await eventually(async () => (await work.replicas('broker'))[0].healthy, { what: 'the broker to be healthy again', timeoutMs: 90_000 });
    await work.resume('worker');
    await eventually(async () => await countLines("done 'kept ") === 10, { what: 'ten kept messages to be done', timeoutMs: 60_000 });
  });

  it('leaves nothing but its data and secrets when it is deleted, and has its messages when it comes back', async () => {
    await work.stop('worker');
    await send('outlives containers');
    expect(await work.delete()).toEqual({ left: [], lost: [] });
    await work.start();
    await done('outlives containers');
  });

  it('gives each program only its own right', async () => {
    const program = (action: string) => `
import pika
from connection import connect
channel = connect().channel()
try:
    ${action}
    print('allowed')
except pika.exceptions.ChannelClosedByBroker as error:
    print(error.reply_code)
`;
    const asWorker = (action: string) => work.exec('worker', 'python', '-c', program(action));
    const asClient = (action: string) => work.runOnce('client', 'python', '-c', program(action));
    const publish = "channel.confirm_delivery(); channel.basic_publish('', 'task_queue', b'x')";
    expect(await asWorker(publish)).toBe('403');
    expect(await asWorker("channel.queue_declare('other', durable=True)")).toBe('403');
    expect(await asWorker("channel.basic_get('task_queue.dead')")).toBe('403');
    expect(await asClient("channel.basic_get('task_queue')")).toBe('403');
    expect(await asClient("channel.queue_declare('other', durable=True)")).toBe('403');
  });

  it('lets in nobody without a grant', async () => {
    const guest = await work.tryExec('worker', 'python', '-c',
      "import pika; pika.BlockingConnection(pika.ConnectionParameters('broker', credentials=pika.PlainCredentials('guest', 'guest')))");
    expect(guest.code).not.toBe(0);
    expect(guest.stderr).toContain('ProbableAuthenticationError');
  });

  it('has no port for metrics, which would ask for no login', async () => {
    const connectTo = (port: number) => work.tryExec('worker', 'python', '-c', `import socket; socket.create_connection(('broker', ${port}), 5)`);
    expect((await connectTo(5672)).code).toBe(0);
    expect((await connectTo(15692)).stderr).toMatch(/ConnectionRefusedError|TimeoutError/);
  });

  it('shows no secret to whoever may inspect, read the files or the logs', async () => {
    const values = Object.values(work.secrets);
    expect(values).toHaveLength(2);
    const visible = await work.visible();
    for (const value of values) expect(visible).not.toContain(value);
  });
});
