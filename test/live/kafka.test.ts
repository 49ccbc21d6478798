import { Kafka } from 'cdk8s-conduit';
import { describeBroker } from './brokers/contract';

jest.setTimeout(600_000);

describeBroker({ name: 'Kafka', client: 'kafka_client', make: application => new Kafka(application, 'broker') });
