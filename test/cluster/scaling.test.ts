// Replicas that follow a backlog, by KEDA: it is built and started by the cluster's own scripts, and stays.
import { Application, BrokeredQueue, RabbitMq, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import { MESSAGES, replicas, SCALING, untilRead, untilReplicas } from './scaled';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

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
