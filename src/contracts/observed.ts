import type { Granted } from './subject';
import type {
  BrokerBinding, BrokerPrincipal, ChannelOperation, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec,
} from '../brokers/broker';
import { QueueRight } from '../brokers/broker';
import type { ChannelKind, MessageSemantic, SemanticSupport } from '../brokers/semantics';
import type { Endpoint } from '../model/endpoint';
import type { Secret } from '../model/secret';

/** Hands everything on to a broker, and notes it. */
export class Observed implements IBroker {
  public readonly granted: Granted[] = [];
  public readonly queuePrincipals: QueuePrincipal[] = [];
  public readonly topicPrincipals: TopicPrincipal[] = [];
  public readonly streamPrincipals: StreamPrincipal[] = [];
  public readonly queues: QueueSpec[] = [];
  public readonly topics: TopicSpec[] = [];
  public readonly streams: StreamSpec[] = [];

  public constructor(private readonly broker: IBroker) {}

  public get product(): string {
    return this.broker.product;
  }

  public get endpoint(): Endpoint {
    return this.broker.endpoint;
  }

  public get namePrefix(): string | undefined {
    return this.broker.namePrefix;
  }

  public get caCertificates(): Secret | undefined {
    return this.broker.caCertificates;
  }

  public support(semantic: MessageSemantic, kind: ChannelKind): SemanticSupport {
    return this.broker.support(semantic, kind);
  }

  public declareQueue(queue: QueueSpec): void {
    this.broker.declareQueue(queue);
    this.queues.push(queue);
  }

  public declareTopic(topic: TopicSpec): void {
    this.broker.declareTopic(topic);
    this.topics.push(topic);
  }

  public declareStream(stream: StreamSpec): void {
    this.broker.declareStream(stream);
    this.streams.push(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    this.queuePrincipals.push(principal);
    const { queue, right } = principal;
    const own = right === QueueRight.RECEIVE_DEAD_LETTERS ? queue.deadLetterQueueName! : queue.queueName;
    return this.note(principal, [own, ...(queue.source ? [queue.source.topicName] : [])], this.broker.grantQueue(principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.topicPrincipals.push(principal);
    return this.note(principal, [principal.topic.topicName], this.broker.grantTopic(principal));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.streamPrincipals.push(principal);
    return this.note(principal, [principal.stream.streamName], this.broker.grantStream(principal));
  }

  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    return this.broker.permits(userName, operation, channelName);
  }

  private note({ userName, password }: BrokerPrincipal, names: string[], binding: BrokerBinding): BrokerBinding {
    this.granted.push({ userName, secret: password.name, names, task: binding.task });
    return binding;
  }
}
