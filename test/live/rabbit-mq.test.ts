import { RabbitMq } from 'cdk8s-conduit';
import { describeBroker } from './brokers/contract';

jest.setTimeout(300_000);

describeBroker({ name: 'RabbitMQ', client: 'rabbit_mq', make: application => new RabbitMq(application, 'broker') });
