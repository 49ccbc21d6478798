import type {
  BrokerBinding, BrokerPrincipal, IBroker, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec,
} from '../brokers/broker';
import { QueueRight } from '../brokers/broker';
import type { MessageSemantic, SemanticSupport } from '../brokers/semantics';
import type { Endpoint } from '../model/endpoint';

/** A right that the broker gave. */
export interface Granted {
  readonly userName: string;
  /** Name of the secret with the password. */
  readonly secret: string;
  /** Names of what the right is to; the client has to be told one of them. */
  readonly names: string[];
  readonly binding: BrokerBinding;
}

/** Hands everything on to a broker, and notes it. */
export class Observed implements IBroker {
  public readonly granted: Granted[] = [];
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

  public support(semantic: MessageSemantic): SemanticSupport {
    return this.broker.support(semantic);
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
    const { queue, right } = principal;
    const own = right === QueueRight.RECEIVE_DEAD_LETTERS ? queue.deadLetterQueueName! : queue.queueName;
    return this.note(principal, [own, ...(queue.source ? [queue.source.topicName] : [])], this.broker.grantQueue(principal));
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    return this.note(principal, [principal.topic.topicName], this.broker.grantTopic(principal));
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    return this.note(principal, [principal.stream.streamName], this.broker.grantStream(principal));
  }

  private note({ userName, password }: BrokerPrincipal, names: string[], binding: BrokerBinding): BrokerBinding {
    this.granted.push({ userName, secret: password.name, names, binding });
    return binding;
  }
}
