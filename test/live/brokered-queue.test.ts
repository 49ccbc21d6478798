import { Application, BrokeredQueue, Overflow, RabbitMq, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { EXAMPLES } from '../examples/synthesize';

jest.setTimeout(300_000);

/** Connects with the variables of a prefix, and offers them as `v`. */
const CONNECT = (prefix: string) => `
import os, pika
v = {name[len('${prefix}_'):].lower(): value for name, value in os.environ.items() if name.startswith('${prefix}_')}
def connect():
    login = pika.PlainCredentials(v['user'], open(v['password_file']).read())
    channel = pika.BlockingConnection(pika.ConnectionParameters(v['host'], int(v['port']), credentials=login)).channel()
    return channel
channel = connect()
`;

function build(messageTtl: Duration): Application {
  const application = new Application('semantics');
  const broker = new RabbitMq(application, 'broker');
  const idle = {
    image: 'work-queue/programs:1.0.0',
    buildContext: { directory: join(EXAMPLES, '04-work-queue/programs') },
    args: ['python', '-c', 'import signal; signal.pause()'],
  };
  const sender = new Workload(application, 'sender', idle);
  const receiver = new Workload(application, 'receiver', idle);
  const queues = [
    new BrokeredQueue(application, 'jobs', { broker, deliveryLimit: 3 }),
    new BrokeredQueue(application, 'short', { broker, maxLength: 2 }),
    new BrokeredQueue(application, 'recent', { broker, maxLength: 2, overflow: Overflow.DROP_OLDEST }),
    new BrokeredQueue(application, 'brief', { broker, messageTtl }),
  ];
  for (const queue of queues) {
    queue.grantSend(sender);
    queue.grantReceive(receiver);
    queue.grantReceiveDeadLetters(receiver);
  }
  return application;
}

describeLive('queues on RabbitMQ', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build(Duration.seconds(2)));
    await deployment.start();
  });
  afterAll(() => deployment.remove());

  const asSender = (prefix: string, code: string) => deployment.exec('sender', 'python', '-c', CONNECT(prefix) + code);
  const asReceiver = (prefix: string, code: string) => deployment.exec('receiver', 'python', '-c', CONNECT(prefix) + code);
  const send = (prefix: string, ...messages: string[]) => asSender(prefix, `
channel.confirm_delivery()
for message in ${JSON.stringify(messages)}:
    try:
        channel.basic_publish(v['exchange'], v['routing_key'], message.encode(), pika.BasicProperties(delivery_mode=2), mandatory=True)
        print('stored', message)
    except pika.exceptions.NackError:
        print('refused', message)
`);
  /** Takes and acknowledges everything that is there. */
  const drain = (prefix: string) => asReceiver(prefix, `
while True:
    method, _, body = channel.basic_get(v['queue'], auto_ack=True)
    if method is None: break
    print(body.decode())
`);

  it('are there before anyone connects, and take what a sender with the right sends', async () => {
    expect(await send('JOBS', 'one', 'two')).toBe('stored one\nstored two');
    expect(await drain('JOBS')).toBe('one\ntwo');
  });

  it('deliver a message as often as the limit says, then keep it as a dead letter', async () => {
    await send('JOBS', 'poison');
    const deliveries = await asReceiver('JOBS', `
import time
count, deadline = 0, time.time() + 10
while time.time() < deadline:
    method, _, body = channel.basic_get(v['queue'])
    if method is None:
        if count: break
        continue
    count += 1
    channel.basic_reject(method.delivery_tag, requeue=True)
    time.sleep(0.2)
print(count)
`);
    expect(deliveries).toBe('3');
    expect(await eventually(async () => await drain('JOBS_DEAD') || false, { what: 'the dead letter' })).toBe('poison');
  });

  it('count a delivery to a consumer that goes away', async () => {
    await send('JOBS', 'crash');
    await asReceiver('JOBS', `
import time
for _ in range(3):
    lost, deadline = connect(), time.time() + 10
    while lost.basic_get(v['queue'])[0] is None and time.time() < deadline: time.sleep(0.1)
    lost.connection.close()
`);
    expect(await eventually(async () => await drain('JOBS_DEAD') || false, { what: 'the dead letter' })).toBe('crash');
    expect(await drain('JOBS')).toBe('');
  });

  it('refuse what is too much, so that the sender knows', async () => {
    const outcome = await send('SHORT', ...Array.from({ length: 12 }, (_, index) => `m${index}`));
    expect(outcome).toContain('stored m0');
    expect(outcome).toContain('refused m11');
    const stored = outcome.split('\n').filter(line => line.startsWith('stored')).map(line => line.slice('stored '.length));
    expect(await drain('SHORT')).toBe(stored.join('\n'));
  });

  it('drop the oldest where that was asked for', async () => {
    await send('RECENT', 'a', 'b', 'c', 'd');
    expect(await drain('RECENT')).toBe('c\nd');
    expect(await eventually(async () => await drain('RECENT_DEAD') || false, { what: 'the dropped messages' })).toBe('a\nb');
  });

  it('let messages expire into the dead letters', async () => {
    await send('BRIEF', 'late');
    expect(await eventually(async () => await drain('BRIEF_DEAD') || false, { what: 'the expired message' })).toBe('late');
    expect(await drain('BRIEF')).toBe('');
  });

  it('let a sender do nothing but send to its own exchange', async () => {
    const attempt = (action: string) => asSender('JOBS', `
try:
    channel.confirm_delivery()
    ${action}
    print('allowed')
except pika.exceptions.ChannelClosedByBroker as error:
    print(error.reply_code)
`);
    expect(await attempt("channel.basic_publish('', 'jobs', b'x')")).toBe('403');
    expect(await attempt("channel.basic_publish('brief', 'brief', b'x')")).toBe('403');
    expect(await attempt("channel.basic_publish('jobs.dead', 'jobs.dead', b'x')")).toBe('403');
    expect(await attempt("channel.basic_get('jobs')")).toBe('403');
    expect(await attempt("channel.queue_delete('jobs')")).toBe('403');
    expect(await attempt("channel.queue_declare('jobs', durable=True)")).toBe('403');
  });

  it('change their limits with the next start, and keep their messages', async () => {
    await send('JOBS', 'kept');
    await deployment.update(build(Duration.minutes(10)));
    expect(await drain('JOBS')).toBe('kept');
    await send('BRIEF', 'longer');
    await new Promise(resolve => setTimeout(resolve, 3_000));
    expect(await drain('BRIEF')).toBe('longer');
  });
});
