import { Application, BrokerContract, ChannelKind, IBroker, Kafka, MessageSemantic, Nats, RabbitMq, SemanticSupport, SupportLevel } from 'cdk8s-conduit';
import { RedisStreams } from '../package/src/redis-streams';

/** A broker in another language: jsii puts words before its messages. What it does not have it refuses when it is asked, since there it cannot throw by itself. */
class ForeignBroker extends RabbitMq {
  public support(semantic: MessageSemantic, kind: ChannelKind): SemanticSupport {
    return kind === ChannelKind.STREAM ? { level: SupportLevel.REFUSED, how: 'it has no log' } : super.support(semantic, kind);
  }

  public declareQueue(...[queue]: Parameters<RabbitMq['declareQueue']>): void { prefixed(() => super.declareQueue(queue)); }
  public declareTopic(...[topic]: Parameters<RabbitMq['declareTopic']>): void { prefixed(() => super.declareTopic(topic)); }
  public declareStream(): void { throw new Error('never called'); }
}

function prefixed(run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`@jsii/kernel.RuntimeError: Error: ${(error as Error).message}`);
  }
}

const BROKERS: Record<string, (application: Application, id: string) => IBroker> = {
  'RabbitMq': (application, id) => new RabbitMq(application, id),
  'Kafka': (application, id) => new Kafka(application, id),
  'Nats': (application, id) => new Nats(application, id),
  'external RabbitMq': (application, id) => new RabbitMq(application, id, { external: { host: 'broker.example' } }),
  'external Kafka': (application, id) => new Kafka(application, id, { external: { hosts: ['broker.example'] } }),
  'external Nats': (application, id) => new Nats(application, id, { external: { hosts: ['broker.example'] } }),
  'a broker in another language': (application, id) => new ForeignBroker(application, id),
  'RedisStreams, of a package of its own': (application, id) => new RedisStreams(application, id),
};

describe.each(Object.entries(BROKERS))('%s', (_, make) => {
  for (const each of BrokerContract.cases({ makeBroker: make })) test(each.statement, () => each.check());
});
