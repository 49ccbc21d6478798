import { Application, BrokerContract, IBroker, Kafka, Nats, RabbitMq } from 'cdk8s-conduit';
import { RedisStreams } from '../package/broker/src';

const BROKERS: Record<string, (application: Application, id: string) => IBroker> = {
  'RabbitMq': (application, id) => new RabbitMq(application, id),
  'Kafka': (application, id) => new Kafka(application, id),
  'Nats': (application, id) => new Nats(application, id),
  'external RabbitMq': (application, id) => new RabbitMq(application, id, { external: { host: 'broker.example' } }),
  'external Kafka': (application, id) => new Kafka(application, id, { external: { hosts: ['broker.example'] } }),
  'external Nats': (application, id) => new Nats(application, id, { external: { hosts: ['broker.example'] } }),
  'RedisStreams, of a package of its own': (application, id) => new RedisStreams(application, id),
};

describe.each(Object.entries(BROKERS))('%s', (_, make) => {
  for (const each of BrokerContract.cases({ makeBroker: make })) test(each.statement, () => each.check());
});
