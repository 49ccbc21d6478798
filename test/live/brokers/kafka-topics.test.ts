import { Application, BrokeredQueue, BrokeredTopic, EventStream, Kafka, StartFrom, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { bodies, Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

jest.setTimeout(400_000);

interface Variant {
  readonly queuePartitions?: number;
  /** Where a reader begins that was not there before. */
  readonly since?: string;
}

/** What only Kafka has, or what is particular about how it has it. */
function build({ since, ...props }: Variant = {}): Application {
  const application = new Application('topics');
  const broker = new Kafka(application, 'broker', props);
  const [sender, receiver, other] = ['sender', 'receiver', 'other'].map(name => new Workload(application, name, PROGRAMS));
  const queue = (name: string, messageTtl: Duration) => {
    const made = new BrokeredQueue(application, name, { broker, messageTtl, deadLetters: false, acknowledgementTimeout: Duration.seconds(8) });
    made.grantSend(sender);
    made.grantReceive(receiver);
    made.grantReceive(other);
  };
  queue('jobs', Duration.hours(1));
  queue('brief', Duration.seconds(5));
  const log = new EventStream(application, 'log', { broker });
  log.grantPublish(sender);
  if (since !== undefined) log.grantRead(other, { startFrom: StartFrom.time(since) });
  if (props.queuePartitions !== undefined) new BrokeredTopic(application, 'more', { broker, messageTtl: Duration.hours(1) }).grantPublish(sender);
  return application;
}

const CLIENTS = ['broker', 'broker-provisioning', 'sender', 'receiver', 'other'];
const pause = (seconds: number) => new Promise(resolve => setTimeout(resolve, seconds * 1000));

describeLive('topics of Kafka', engine => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build());
    await deployment.start();
  });
  afterAll(() => deployment.remove());
  const m = new Messages(() => deployment, 'kafka_client');
  const said = async (workload: string) => (await deployment.logs(workload)).map(({ text }) => text);

  it('tell no password to anybody who may look at all else', async () => {
    const visible = await deployment.visible();
    for (const [name, value] of Object.entries(deployment.secrets)) expect(`${name} ${visible.includes(value)}`).toBe(`${name} false`);
    expect(visible).not.toMatch(/storedKey=\[?\d|salt=\[?\d/i);
  });

  it('are all that is reached of the broker', async () => {
    for (const port of [9091, 9094]) {
      const { stderr } = await deployment.tryExec('sender', 'python', '-c', `import socket; socket.create_connection(('broker-0', ${port}), 3)`);
      expect(stderr).toMatch(/refused|timed out/);
    }
  });

  it('lose a message that has expired', async () => {
    await m.send('sender', 'BRIEF', 'late');
    await pause(20);
    expect(await m.drain('receiver', 'BRIEF')).toEqual([]);
  });

  it('give a message to somebody else when its consumer keeps it for too long', async () => {
    await m.send('sender', 'JOBS', 'slow');
    const slow = deployment.tryExec({ workload: 'receiver', timeoutMs: 120_000 }, 'python', '-c', `
import os, time, kafka_client
v = {name[5:].lower(): value for name, value in os.environ.items() if name.startswith('JOBS_')}
v['password'] = open(v['password_file']).read()
for message in kafka_client.receive(v, 1, 20):
    time.sleep(25)
`);
    await pause(6);
    expect(bodies(await m.receive('other', 'JOBS', { count: 1, seconds: 25 }))).toEqual(['slow']);
    expect((await slow).stderr).toMatch(/KafkaException/); // it may not acknowledge any more
  });

  it('are read from a time on by who comes later', async () => {
    await m.send('sender', 'LOG', 'early');
    await pause(2);
    const since = new Date().toISOString();
    await m.send('sender', 'LOG', 'late', 'later');
    await deployment.update(build({ since }));
    expect(bodies(await m.read('other', 'LOG'))).toEqual(['late', 'later']);
    await deployment.update(build({ since }));
    expect(bodies(await m.read('other', 'LOG'))).toEqual([]);
  });

  it('are open to a new password of a user once their task has run again, and no longer to the old one', async () => {
    const declareWith = (password: string) => deployment.runOnce('broker-provisioning', 'bash', '-c', `
printf %s ${password} > /tmp/password
sed 's#/run/secrets/jobs-sender-send#/tmp/password#' /etc/kafka/conduit/declarations > /tmp/declarations
sed 's#/etc/kafka/conduit/declarations#/tmp/declarations#' /etc/kafka/conduit/provision | bash
`);
    expect((await declareWith('another-one')).split('\n')).toEqual(['password of jobs-sender-send', 'everything is as declared']);
    const { stderr } = await deployment.tryExec({ workload: 'sender', timeoutMs: 90_000 }, 'python', '-c', `
import os, confluent_kafka, kafka_client
v = {name[5:].lower(): value for name, value in os.environ.items() if name.startswith('JOBS_')}
for password in ('another-one', open(v['password_file']).read()):
    confluent_kafka.Producer(kafka_client.connection({**v, 'password': password})).list_topics('jobs', timeout=10)
    print('in', file=__import__('sys').stderr)
`);
    expect(stderr.split('\n')[0]).toBe('in');
    expect(stderr).toMatch(/KafkaException/);
    expect(await declareWith(deployment.secrets['jobs-sender-send'])).toContain('password of jobs-sender-send');
    expect(await m.send('sender', 'JOBS', 'again')).toEqual(['stored again']);
    expect(await m.drain('receiver', 'JOBS')).toEqual(['again']);
  });

  it('get more partitions, and stay as they are where fewer are wanted, which is said', async () => {
    await m.send('sender', 'JOBS', 'kept');
    await deployment.update(build({ queuePartitions: 15 }));
    expect(await said('broker-provisioning')).toEqual(expect.arrayContaining(['topic jobs: 15 partitions', 'topic more', 'everything is as declared']));
    await deployment.update(build({ queuePartitions: 9 }), { except: CLIENTS }).catch(() => {}); // as its task fails
    await eventually(async () => expect(await said('broker-provisioning')).toEqual(expect.arrayContaining(['brief', 'jobs', 'more'].map(name =>
      `refused: topic '${name}' has 15 partitions and cannot have 9, as those that go would take their messages along; keep as many, or give the new one another name. Nothing was changed`,
    ))), { what: 'the refusal', timeoutMs: 60_000 });
    await deployment.update(build({ queuePartitions: 15 }));
    expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['kept']);
  });

  it('are not taken into another cluster by their node', async () => {
    const start = await deployment.tryExec('broker', 'bash', '-c', "sed 's/^VOTERS=.*/VOTERS=0@broker-0:9093/' /etc/kafka/conduit/start | bash");
    expect(start.code).toBe(1);
    expect(start.stderr).toContain('refused: what is stored here is of a cluster with the controllers 0@127.0.0.1:9091, which cannot become 0@broker-0:9093; ');
  });
});
