import { RabbitMq } from 'cdk8s-conduit';
import { describeBroker } from '../brokers/contract';

jest.setTimeout(400_000);

describeBroker({ name: 'three nodes of RabbitMQ', client: 'rabbit_mq', make: application => new RabbitMq(application, 'broker', { nodes: 3 }) });
