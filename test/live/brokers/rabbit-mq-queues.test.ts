import { Application, BrokeredQueue, EventStream, RabbitMq, Workload } from 'cdk8s-conduit';
import { bodies, Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

jest.setTimeout(300_000);

/** What only RabbitMQ has, or what is particular about how it has it. */
function build(jobs: 'queue' | 'stream'): Application {
  const application = new Application('queues');
  const broker = new RabbitMq(application, 'broker');
  const [sender, receiver] = ['sender', 'receiver'].map(name => new Workload(application, name, PROGRAMS));
  if (jobs === 'queue') {
    const queue = new BrokeredQueue(application, 'jobs', { broker, deliveryLimit: 3 });
    queue.grantSend(sender);
    queue.grantReceive(receiver);
    queue.grantReceiveDeadLetters(receiver);
  } else {
    new EventStream(application, 'jobs', { broker }); // whoever read it would wait for ever
  }
  new BrokeredQueue(application, 'other', { broker });
  return application;
}

describeLive('queues on RabbitMQ', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build('queue'));
    await deployment.start();
  });
  afterAll(() => deployment.remove());
  const m = new Messages(() => deployment, 'rabbit_mq');

  it('count a delivery to a consumer that goes away', async () => {
    await m.send('sender', 'JOBS', 'crash');
    for (let times = 0; times < 3; times++) {
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 10, outcome: 'hold' }))).toEqual(['crash']);
    }
    expect(bodies(await m.receive('receiver', 'JOBS_DEAD', { count: 1, seconds: 20 }))).toEqual(['crash']);
    expect(await m.drain('receiver', 'JOBS')).toEqual([]);
  });

  it('let a sender do nothing but send to its own exchange', async () => {
    const attempt = (action: string) => deployment.exec('sender', 'python', '-c', `
import os, pika
login = pika.PlainCredentials(os.environ['JOBS_USER'], open(os.environ['JOBS_PASSWORD_FILE']).read())
channel = pika.BlockingConnection(pika.ConnectionParameters('broker', credentials=login)).channel()
try:
    channel.confirm_delivery()
    ${action}
    print('allowed')
except pika.exceptions.ChannelClosedByBroker as error:
    print(error.reply_code)
`);
    expect(await attempt("channel.basic_publish('jobs', 'jobs', b'x', mandatory=True)")).toBe('allowed');
    await m.drain('receiver', 'JOBS');
    expect(await attempt("channel.basic_publish('', 'jobs', b'x')")).toBe('403');
    expect(await attempt("channel.basic_publish('other', 'other', b'x')")).toBe('403');
    expect(await attempt("channel.basic_publish('jobs.dead', 'jobs.dead', b'x')")).toBe('403');
    expect(await attempt("channel.basic_get('jobs')")).toBe('403');
    expect(await attempt("channel.queue_delete('jobs')")).toBe('403');
    expect(await attempt("channel.queue_declare('jobs', durable=True)")).toBe('403');
  });

  it('stay as they are where a change would lose what is in them, which is said', async () => {
    await m.send('sender', 'JOBS', 'kept');
    await deployment.update(build('stream'), { except: ['broker', 'broker-0'] });
    const refused = "refused: queue 'jobs' is of type quorum and cannot become stream; give the new one another name. Everything stays as it was before";
    const queues = () => deployment.tryExec('broker', 'rabbitmqctl', '-q', '--no-table-headers', 'list_queues', 'name', 'type', 'messages');
    await eventually(async () => expect((await queues()).stdout).toContain('jobs\tquorum\t1'), { what: 'the broker', timeoutMs: 120_000 });
    expect((await deployment.logs('broker')).map(({ text }) => text)).toContain(refused);
    expect((await deployment.replicas('broker')).map(({ healthy }) => healthy)).toEqual([false]);
    expect(await deployment.tryExec('broker', 'bash', '/etc/rabbitmq/conduit/health')).toMatchObject({ code: 1, stdout: refused });
    await deployment.update(build('queue'));
    expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['kept']);
  });
});
