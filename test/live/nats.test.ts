import { Nats } from 'cdk8s-conduit';
import { describeBroker } from './brokers/contract';

jest.setTimeout(300_000);

describeBroker({ name: 'NATS', client: 'nats_client', make: application => new Nats(application, 'broker') });
