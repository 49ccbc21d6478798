import { RabbitMq } from 'cdk8s-conduit';
import { describeBrokerCluster } from '../brokers/cluster';

jest.setTimeout(400_000);

describeBrokerCluster({ name: 'RabbitMQ', client: 'rabbit_mq', make: (application, nodes) => new RabbitMq(application, 'broker', { nodes, tls: true }) });
