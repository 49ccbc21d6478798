import { Application, BrokeredQueue, BrokeredTopic, EventStream, Nats, StartFrom, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { bodies, Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

jest.setTimeout(300_000);

/** What only NATS has, or what is particular about how it has it. */
function build({ jobs, withLate = false }: { jobs: 'queue' | 'topic'; withLate?: boolean }): Application {
  const application = new Application('streams');
  const broker = new Nats(application, 'broker');
  const [sender, receiver, other] = ['sender', 'receiver', 'other'].map(name => new Workload(application, name, PROGRAMS));
  const acknowledgementTimeout = Duration.seconds(2);

  if (jobs === 'queue') {
    const queue = new BrokeredQueue(application, 'jobs', { broker, delays: [Duration.seconds(6)], acknowledgementTimeout });
    queue.grantSend(sender);
    queue.grantReceive(receiver);
  } else {
    const topic = new BrokeredTopic(application, 'jobs', { broker });
    topic.grantPublish(sender);
    topic.subscribe(receiver);
  }
  const news = new BrokeredTopic(application, 'news', { broker });
  news.grantPublish(sender);
  news.subscribe(receiver, { deliveryLimit: 2, acknowledgementTimeout }).grantReceiveDeadLetters(receiver);
  news.subscribe(other, { deadLetters: false, acknowledgementTimeout });
  if (withLate) news.subscribe(sender, { group: 'late', prefix: 'LATE' });
  const state = new EventStream(application, 'state', { broker, compacted: true });
  state.grantPublish(sender);
  state.grantRead(receiver, { startFrom: StartFrom.time('2026-01-31T12:00:00.500+01:00') });
  return application;
}

describeLive('streams of NATS', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build({ jobs: 'queue' }));
    await deployment.start();
  });
  afterAll(() => deployment.remove());
  const m = new Messages(() => deployment, 'nats_client');
  const untilHealthy = () => eventually(async () => (await deployment.replicas('broker')).every(({ healthy }) => healthy), { what: 'the broker to be healthy', timeoutMs: 120_000 });

  it('keep what one subscriber could not process, though another one has, and though the broker crashes', async () => {
    await m.send('sender', 'NEWS', { body: 'bad', key: 'order' });
    expect(bodies(await m.receive('receiver', 'NEWS', { count: 5, seconds: 4, outcome: 'reject' }))).toEqual(['bad', 'bad']);
    expect(await m.drain('other', 'NEWS')).toEqual(['bad']);
    await deployment.kill('broker');
    await untilHealthy();
    expect(bodies(await m.receive('receiver', 'NEWS_DEAD', { count: 1, seconds: 20 }))).toEqual(['bad']);
    expect(await m.drain('receiver', 'NEWS_DEAD')).toEqual([]);
    expect(await m.drain('receiver', 'NEWS')).toEqual([]);
  });

  it('deliver later what was to come later, though the broker crashes in between', async () => {
    const sent = Date.now();
    await m.send('sender', 'JOBS', { body: 'delayed', delay_ms: 6000 });
    await deployment.kill('broker');
    await untilHealthy();
    expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['delayed']);
    expect(Date.now() - sent).toBeGreaterThan(6_000);
  });

  it('keep the last event of each key, and are read from a time', async () => {
    await m.send('sender', 'STATE', { body: 'a1', key: 'a' }, { body: 'b1', key: 'b' }, { body: 'a2', key: 'a' });
    expect(await m.read('receiver', 'STATE')).toEqual([{ body: 'b1', key: 'b' }, { body: 'a2', key: 'a' }]);
  });

  it('let nobody in without a password, nor ask how the server is, nor hear what others are answered', async () => {
    const attempt = (code: string) => deployment.tryExec('sender', 'python', '-c', `import asyncio, nats, urllib.request\n${code}`);
    expect((await attempt("asyncio.run(nats.connect('nats://broker:4222', allow_reconnect=False))")).stderr).toMatch(/authorization violation/i);
    expect((await attempt("urllib.request.urlopen('http://broker:8222/connz', timeout=3)")).stderr).toMatch(/refused|timed out/);
    for (const target of ['_INBOX_jobs-receiver-receive.>', '_INBOX.>', '>', '$SYS.>', '$JS.EVENT.>']) {
      expect(`${target}: ${await m.attempt('sender', 'JOBS', 'receive', target)}`).toBe(`${target}: refused`);
    }
  });

  it('take what a client has delivered to them as an answer, though it may not send to them, as the server checks no reply subjects', async () => {
    await m.send('sender', 'JOBS', 'copied');
    expect(await m.attempt('receiver', 'JOBS', 'send', 'news')).toBe('refused');
    expect(await m.attempt('receiver', 'JOBS', 'answer', 'news')).toBe('allowed');
    expect(await m.drain('other', 'NEWS')).toEqual(['copied']);
    expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 20 }))).toEqual(['copied']); // as it was not acknowledged
    expect(await m.drain('receiver', 'NEWS')).toEqual(['copied']);
  });

  it('stay as they are where a change would lose what is in them, which is said', async () => {
    await m.send('sender', 'JOBS', 'kept');
    await deployment.update(build({ jobs: 'topic', withLate: true }), { except: ['broker-provisioning', 'sender', 'receiver', 'other'] }).catch(() => {}); // as its task fails
    await eventually(async () => {
      const lines = (await deployment.logs('broker-provisioning')).map(({ text }) => text);
      expect(lines).toContain('refused: STREAM jobs has "retention":"workqueue" and cannot get "retention":"interest"; keep it as it was, or give the new one another name. Nothing was changed');
      expect(lines.join('\n')).not.toContain('news.late'); // which could have been made
    }, { what: 'the refusal', timeoutMs: 60_000 });
    await deployment.update(build({ jobs: 'queue', withLate: true }));
    expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['kept']);
    await m.send('sender', 'NEWS', { body: 'to all', key: 'order' });
    expect(await m.drain('sender', 'LATE')).toEqual(['to all']);
  });
});
