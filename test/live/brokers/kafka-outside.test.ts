import { Kafka } from 'cdk8s-conduit';
import { outsideBroker } from '../outside-broker';
import { describeOutside } from '../outside-server';

jest.setTimeout(300_000);

// ports of the second cluster are not those that the first one may still hold
describe.each([[1, 31_092], [3, 31_192]])('Kafka of %i node(s)', (nodes, hostPort) => {
  describeOutside('a broker', outsideBroker({
    client: 'kafka_client',
    make: (application, address) => new Kafka(application, 'broker', { nodes, tls: true, queuePartitions: 3, ...address }),
    hostPort,
    ports: [9091, 9092, 9093, 9094, 9096, hostPort + nodes],
  }));
});
