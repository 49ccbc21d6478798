import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLive, eventually, Project } from './docker';
import { prepareExample, Prepared } from './example';

jest.setTimeout(300_000);

describeLive('a work queue (examples/04-work-queue)', () => {
  let work: Prepared;
  let project: Project;
  beforeAll(async () => {
    work = prepareExample('04-work-queue');
    project = work.project;
    await project.up({ build: true });
  });
  afterAll(() => work.remove());

  const send = (...messages: string[]) => project.runOnce('client', 'python', '-u', 'client.py', ...messages);
  const countLines = async (text: string) => (await project.logs('worker')).split('\n').filter(line => line.includes(text)).length;
  const done = (message: string) => eventually(async () => await countLines(`done '${message}'`) === 1, { what: `'${message}' to be done`, timeoutMs: 60_000 });

  it('hands the classic client\'s message to the classic worker', async () => {
    await done('a task that takes three seconds...');
  });

  it('shares the work among five workers', async () => {
    await send(...Array.from({ length: 20 }, (_, index) => `share ${index}.`));
    await eventually(async () => await countLines("done 'share ") === 20, { what: 'twenty tasks to be done', timeoutMs: 60_000 });
    const lines = (await project.logs('worker')).split('\n').filter(line => line.includes("done 'share "));
    expect(new Set(lines.map(line => line.split(' ')[0])).size).toBe(5);
  });

  it('delivers again what a worker had not finished when it was killed', async () => {
    await send('killed........');
    const index = await eventually(async () => {
      const line = (await project.logs('worker')).split('\n').find(each => each.includes("received 'killed........'"));
      return line !== undefined && Number(/^worker-(\d+)/.exec(line)![1]);
    }, { what: 'a worker to begin' });
    await project.kill9('worker', index);
    await done('killed........');
    expect(await countLines("received 'killed........' again")).toBe(1);
  });

  it('keeps messages when the broker is killed', async () => {
    await project.stop('worker');
    await send(...Array.from({ length: 10 }, (_, index) => `kept ${index}`));
    const before = await project.inspect('broker-0');
    await project.kill9('broker-0');
    await eventually(async () => {
      const { RestartCount, State } = await project.inspect('broker-0');
      return RestartCount > before.RestartCount && State.Health?.Status === 'healthy';
    }, { what: 'the broker to be healthy again', timeoutMs: 90_000 });
    await project.start('worker');
    await eventually(async () => await countLines("done 'kept ") === 10, { what: 'ten kept messages to be done', timeoutMs: 60_000 });
  });

  it('keeps messages when all containers are made anew', async () => {
    await project.stop('worker');
    await send('outlives containers');
    await project.downKeepingVolumes();
    await project.up({ services: ['worker'] });
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
    const asWorker = (action: string) => project.exec('worker', 'python', '-c', program(action));
    const asClient = (action: string) => project.runOnce('client', 'python', '-c', program(action));
    const publish = "channel.confirm_delivery(); channel.basic_publish('', 'task_queue', b'x')";
    expect(await asWorker(publish)).toBe('403');
    expect(await asWorker("channel.queue_declare('other', durable=True)")).toBe('403');
    expect(await asWorker("channel.basic_get('task_queue.dead')")).toBe('403');
    expect(await asClient("channel.basic_get('task_queue')")).toBe('403');
    expect(await asClient("channel.queue_declare('other', durable=True)")).toBe('403');
  });

  it('lets in nobody without a grant', async () => {
    const guest = await project.tryExec('worker', 'python', '-c',
      "import pika; pika.BlockingConnection(pika.ConnectionParameters('broker', credentials=pika.PlainCredentials('guest', 'guest')))");
    expect(guest.code).not.toBe(0);
    expect(guest.stderr).toContain('ProbableAuthenticationError');
  });

  it('shows no secret to whoever may inspect, read the files or the logs', async () => {
    await project.up();
    const names = ['tasks-client-send', 'tasks-worker-receive'];
    const values = names.map(name => readFileSync(join(work.directory, 'secrets', name), 'utf8'));
    const inspected = await Promise.all(['broker-0', 'worker', 'client', 'conduit-setup'].map(service => project.inspect(service)));
    const visible = [JSON.stringify(inspected), readFileSync(join(work.directory, 'compose.yml'), 'utf8'), await project.logs()].join('\n');
    for (const value of values) expect(visible).not.toContain(value);
  });
});
