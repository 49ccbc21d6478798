import { Nats } from 'cdk8s-conduit';
import { describeBrokerCluster } from '../brokers/cluster';

jest.setTimeout(400_000);

describeBrokerCluster({ name: 'NATS', client: 'nats_client', make: (application, nodes) => new Nats(application, 'broker', { nodes, tls: true }) });
