import { Kafka } from 'cdk8s-conduit';
import { describeBroker } from '../brokers/contract';

jest.setTimeout(400_000);

describeBroker({ name: 'three nodes of Kafka', client: 'kafka_client', make: application => new Kafka(application, 'broker', { nodes: 3 }) });
