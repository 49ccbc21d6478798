// As many queues as a large company has, each with a sender and a receiver of its own rights.
import { Application, BrokeredQueue, BrokeredQueueProps, IBroker, Kafka, Nats, RabbitMq, Workload } from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { bodies, Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';

jest.setTimeout(3_600_000);

const QUEUES = Number(process.env.CONDUIT_QUEUES ?? 2000);
/** Each sends to so many queues, and receives from as many others. */
const PER_CLIENT = 100;

const BROKERS: [name: string, client: string, make: (application: Application) => IBroker, props: Partial<BrokeredQueueProps>][] = [
  ['RabbitMq', 'rabbit_mq', application => new RabbitMq(application, 'broker', { memoryLimit: Size.gibibytes(4) }), {}],
  ['Kafka', 'kafka_client', application => new Kafka(application, 'broker', { memoryLimit: Size.gibibytes(3), queuePartitions: 1 }), { messageTtl: Duration.hours(1) }],
  ['Nats', 'nats_client', application => new Nats(application, 'broker', { memoryLimit: Size.gibibytes(2) }), {}],
];

describeLive(`${QUEUES} queues`, engine => {
  it.each(BROKERS)('on %s are declared, and their clients have their rights', async (_, client, make, props) => {
    const application = new Application('many');
    const broker = make(application);
    const workloads = Array.from({ length: Math.ceil(QUEUES / PER_CLIENT) }, (__, index) => new Workload(application, `client-${index}`, PROGRAMS));
    for (let index = 0; index < QUEUES; index++) {
      const queue = new BrokeredQueue(application, `queue-${index}`, { broker, deadLetters: false, ...props });
      const block = Math.floor(index / PER_CLIENT);
      queue.grantSend(workloads[block], { prefix: `TO_${index}` });
      queue.grantReceive(workloads[(block + 1) % workloads.length], { prefix: `FROM_${index}` });
    }
    const deployment: Deployment = engine.application(application);
    try {
      await deployment.start({ minutes: 20 });
      const messages = new Messages(() => deployment, client);
      for (const index of [0, QUEUES - 1]) {
        const block = Math.floor(index / PER_CLIENT);
        await messages.send(`client-${block}`, `TO_${index}`, `message ${index}`);
        expect(bodies(await messages.receive(`client-${(block + 1) % workloads.length}`, `FROM_${index}`, { count: 1, seconds: 60 }))).toEqual([`message ${index}`]);
      }
    } finally {
      await deployment.remove();
    }
  });
});
