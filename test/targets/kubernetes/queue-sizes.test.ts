// However many queues a broker has, and whoever uses them: the API server takes every object, or the synthesis says which one is too large.
import { Application, BrokeredQueue, BrokeredQueueProps, IBroker, Kafka, KubernetesChart, Nats, RabbitMq, TestOutput, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';

const MOST = 1_048_576;
const BROKERS: [name: string, make: (application: Application) => IBroker, props: Partial<BrokeredQueueProps>][] = [
  ['RabbitMq', application => new RabbitMq(application, 'broker'), {}],
  ['Kafka', application => new Kafka(application, 'broker'), { messageTtl: Duration.hours(1) }],
  ['Nats', application => new Nats(application, 'broker'), {}],
];

/** So many queues, each with a sender and a receiver, of which each has so many. */
function build(make: (application: Application) => IBroker, props: Partial<BrokeredQueueProps>, queues: number, perClient: number): Application {
  const application = new Application('many');
  const broker = make(application);
  const image = 'registry.example/acme/app:1.0';
  const clients = Array.from({ length: Math.ceil(queues / perClient) }, (_, index) => new Workload(application, `client-${index}`, { image }));
  for (let index = 0; index < queues; index++) {
    const queue = new BrokeredQueue(application, `queue-${index}`, { broker, deadLetters: false, ...props });
    const block = Math.floor(index / perClient);
    queue.grantSend(clients[block], { prefix: `TO_${index}` });
    queue.grantReceive(clients[(block + 1) % clients.length], { prefix: `FROM_${index}` });
  }
  return application;
}

describe.each(BROKERS)('%s', (_, make, props) => {
  test.each([[1, 1], [158, 100], [212, 1], [2000, 100]])('with %i queues, of which each client has %i, makes no object that is too large', (queues, perClient) => {
    const { documents } = TestOutput.of(build(make, props, queues, perClient), KubernetesChart.target());
    expect(documents.filter(each => Buffer.byteLength(JSON.stringify(each)) > MOST).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
    expect(documents.filter(({ kind }) => kind === 'Deployment')).toHaveLength(Math.ceil(queues / perClient));
  });

  test('with 1,400 queues of one client says which object is too large, and what to do', () => {
    const remedy = 'share out its variables, grants, secrets or connections among several workloads';
    expect(() => TestOutput.of(build(make, props, 1400, 1400), KubernetesChart.target()))
      .toThrow(new RegExp(`^many: Deployment 'client-0' would have \\d+ bytes, and Kubernetes takes at most ${MOST}; ${remedy}$`));
  });
});
