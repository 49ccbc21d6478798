import { Nats } from 'cdk8s-conduit';
import { describeBroker } from '../brokers/contract';

jest.setTimeout(400_000);

describeBroker({ name: 'three nodes of NATS', client: 'nats_client', make: application => new Nats(application, 'broker', { nodes: 3 }) });
