import { Kafka } from 'cdk8s-conduit';
import { describeBrokerCluster } from '../brokers/cluster';

jest.setTimeout(400_000);

describeBrokerCluster({ name: 'Kafka', client: 'kafka_client', make: (application, nodes) => new Kafka(application, 'broker', { nodes, tls: true }) });
