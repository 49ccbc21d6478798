// Replicas that follow a backlog, by KEDA: it is built and started by the cluster's own scripts, and stays.
import { Application, BrokeredQueue, Kafka, RabbitMq, ReceiverScaling, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { Messages, PROGRAMS } from '../live/brokers/messages';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;
const MESSAGES = 60;
const SCALING: ReceiverScaling = { min: 0, max: 4, targetBacklog: 5, pollingInterval: Duration.seconds(2), cooldown: Duration.seconds(15) };

jest.setTimeout(5 * MINUTE);

const CONNECT = `
import os, pika, signal, sys
def connect(prefix):
    with open(os.environ[prefix + '_PASSWORD_FILE']) as file:
        login = pika.PlainCredentials(os.environ[prefix + '_USER'], file.read())
    channel = pika.BlockingConnection(pika.ConnectionParameters(os.environ[prefix + '_HOST'], credentials=login)).channel()
    channel.confirm_delivery()
    return channel
def send(channel, prefix, body):
    channel.basic_publish(os.environ[prefix + '_EXCHANGE'], os.environ[prefix + '_ROUTING_KEY'], body, pika.BasicProperties(delivery_mode=2), mandatory=True)
`;

/** Takes a second for each message, and hands on what it has done. */
const WORKER = `${CONNECT}
import time
done, tasks = connect('DONE'), connect('TASKS')
def work(channel, method, _properties, body):
    time.sleep(1)
    send(done, 'DONE', body)
    channel.basic_ack(method.delivery_tag)
tasks.basic_qos(prefetch_count=int(os.environ['TASKS_PREFETCH']))
tasks.basic_consume(os.environ['TASKS_QUEUE'], work)
tasks.start_consuming()
`;

const SENDER = `${CONNECT}
channel = connect('TASKS')
for number in range(int(sys.argv[1])):
    send(channel, 'TASKS', str(number).encode())
`;

const COLLECTOR = `${CONNECT}
channel = connect('DONE')
while True:
    method, _properties, body = channel.basic_get(os.environ['DONE_QUEUE'], auto_ack=True)
    if body is None:
        break
    print(body.decode())
`;

/** A worker that is there while there is work. */
function build() {
  const application = new Application('scaling');
  const broker = new RabbitMq(application, 'broker');
  const tasks = new BrokeredQueue(application, 'tasks', { broker });
  const done = new BrokeredQueue(application, 'done', { broker });
  const programs = { image: 'work-queue/programs:1.0.0', buildContext: { directory: join(__dirname, '../../examples/04-work-queue/programs') } };
  const idle = { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] };
  const worker = new Workload(application, 'worker', { ...programs, args: ['python', '-uc', WORKER] });
  tasks.grantReceive(worker, { scaling: SCALING });
  done.grantSend(worker);
  tasks.grantSend(new Workload(application, 'sender', idle));
  done.grantReceive(new Workload(application, 'collector', idle));
  return application;
}

/** A worker that does nothing, and another one of its group that does all. */
function buildGroup() {
  const application = new Application('scaling-kafka');
  const jobs = new BrokeredQueue(application, 'jobs', { broker: new Kafka(application, 'broker'), messageTtl: Duration.hours(1), expiredToDeadLetters: false });
  const [sender, worker, other] = ['sender', 'worker', 'other'].map(name => new Workload(application, name, PROGRAMS));
  jobs.grantSend(sender);
  jobs.grantReceive(worker, { scaling: SCALING });
  jobs.grantReceive(other);
  return application;
}

const replicas = async (deployment: KubernetesDeployment) => (await deployment.replicas('worker')).length;
const untilReplicas = (deployment: KubernetesDeployment, count: number) =>
  eventually(async () => await replicas(deployment) === count, { what: `${count} worker(s)`, timeoutMs: 2 * MINUTE });
const untilRead = (deployment: KubernetesDeployment) => eventually(async () => {
  const status = await deployment.kubectl(['get', 'scaledobject', 'worker', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
  return status === 'True';
}, { what: 'KEDA to read the backlog', timeoutMs: 2 * MINUTE });

describeLive<Kubernetes>('a worker that is scaled by its backlog', engine => {
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    await engine.open({ keda: true });
    deployment = engine.application(build());
    await deployment.start();
  }, 50 * MINUTE);
  afterAll(() => deployment.remove());

  it('is let in, and takes all replicas away while nothing waits', async () => {
    await untilRead(deployment);
    await untilReplicas(deployment, 0);
  });

  it('goes up with the backlog, and down once it is worked off; all of it is done', async () => {
    await deployment.exec('sender', 'python', '-c', SENDER, `${MESSAGES}`);
    await eventually(async () => await replicas(deployment) >= 1, { what: 'the first worker', timeoutMs: 30_000 });
    await untilReplicas(deployment, 4);
    await untilReplicas(deployment, 0);
    const done = (await deployment.exec('collector', 'python', '-c', COLLECTOR)).split('\n').map(Number).sort((a, b) => a - b);
    expect([...new Set(done)]).toEqual(Array.from({ length: MESSAGES }, (_, index) => index));
  });
}, 'KEDA');

describeLive<Kubernetes>('a worker that is scaled by the lag of its group', engine => {
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    await engine.open({ keda: true });
    deployment = engine.application(buildGroup());
    await deployment.start();
  }, 50 * MINUTE);
  afterAll(() => deployment.remove());

  it('goes up with the lag, and down once the group has no more', async () => {
    const messages = new Messages(() => deployment, 'kafka_client');
    const sent = Array.from({ length: MESSAGES }, (_, index) => `job ${index}`);
    await untilRead(deployment);
    await untilReplicas(deployment, 0);
    await messages.send('sender', 'JOBS', ...sent);
    await untilReplicas(deployment, 4);
    expect((await messages.receive('other', 'JOBS', { count: MESSAGES, seconds: 30 })).map(({ body }) => body).sort()).toEqual([...sent].sort());
    await untilReplicas(deployment, 0);
  });
}, 'KEDA');
