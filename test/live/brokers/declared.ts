// An application that declares what each statement about brokers needs.
import {
  Application, BrokeredQueue, BrokeredTopic, ChannelKind, EventStream, IBroker, MessageSemantic, Overflow, StartFrom, SupportLevel, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { PROGRAMS } from './messages';

/** A broker, and the program that is its client. */
export interface BrokerSuite {
  readonly name: string;
  /** Module of `programs`. */
  readonly client: string;
  readonly make: (application: Application, nodes?: number) => IBroker;
}

/** Declares what each statement needs, as far as the broker can have it. */
export class Declared {
  public readonly application: Application;
  public readonly broker: IBroker;
  private readonly sender: Workload;
  private readonly receiver: Workload;
  private readonly other: Workload;

  public constructor({ name, make }: BrokerSuite, private readonly change: 'before' | 'after') {
    this.application = new Application(`semantics-${name.toLowerCase().replaceAll(' ', '-')}`); // so that several can run at once
    this.broker = make(this.application);
    [this.sender, this.receiver, this.other] = ['sender', 'receiver', 'other'].map(id => new Workload(this.application, id, PROGRAMS));
    this.addQueues();
    this.addTopics();
    this.addStreams();
  }

  public can(...semantics: MessageSemantic[]): boolean {
    return semantics.every(semantic => Object.values(ChannelKind).some(kind => this.broker.support(semantic, kind).level !== SupportLevel.REFUSED));
  }

  /** Name of the workload that runs the broker. */
  public get brokerName(): string {
    return this.broker.endpoint.workload!.name;
  }

  /** The least that this broker takes for a queue with dead letters. */
  private get usual() {
    return this.can(MessageSemantic.KEPT_UNTIL_RECEIVED) ? {} : { messageTtl: Duration.hours(1), expiredToDeadLetters: false };
  }

  private queue(name: string, props: object, ...needs: MessageSemantic[]): void {
    if (!this.can(...needs)) return;
    const queue = new BrokeredQueue(this.application, name, { broker: this.broker, ...this.usual, acknowledgementTimeout: Duration.seconds(3), ...props });
    queue.grantSend(this.sender);
    queue.grantReceive(this.receiver);
    queue.grantReceive(this.other);
    if (queue.deadLetterQueueName !== undefined) queue.grantReceiveDeadLetters(this.receiver);
  }

  private addQueues(): void {
    const expires = this.can(MessageSemantic.EXPIRED_DEAD_LETTERS) ? {} : { deadLetters: false };
    this.queue('jobs', {});
    this.queue('poison', { deliveryLimit: 3 });
    this.queue('calm', { deadLetters: false, retry: { initial: Duration.seconds(4), maximum: Duration.seconds(8) } }, MessageSemantic.RETRY_BACKOFF);
    this.queue('brief', { messageTtl: this.change === 'before' ? Duration.seconds(2) : Duration.minutes(10), ...expires },
      MessageSemantic.KEPT_UNTIL_RECEIVED, MessageSemantic.MESSAGE_TTL);
    this.queue('short', { maxLength: 2 }, MessageSemantic.MAX_LENGTH, MessageSemantic.REJECT_NEW);
    this.queue('recent', { maxLength: 2, overflow: Overflow.DROP_OLDEST, ...expires }, MessageSemantic.MAX_LENGTH, MessageSemantic.DROP_OLDEST);
    this.queue('small', { maxSize: Size.kibibytes(8), deadLetters: false }, MessageSemantic.MAX_SIZE, MessageSemantic.REJECT_NEW);
    this.queue('urgent', { maxPriority: 9 }, MessageSemantic.PRIORITY);
    this.queue('later', { delays: [Duration.seconds(3)] }, MessageSemantic.DELAY);
    this.queue('once', { deduplicationWindow: Duration.minutes(1) }, MessageSemantic.DEDUPLICATION);
    this.queue('alone', { singleActiveConsumer: true, acknowledgementTimeout: Duration.seconds(10) }, MessageSemantic.SINGLE_ACTIVE_CONSUMER);
  }

  private addTopics(): void {
    const { messageTtl } = this.usual;
    const subscriber = { deadLetters: false, acknowledgementTimeout: Duration.seconds(3) };
    const news = new BrokeredTopic(this.application, 'news', { broker: this.broker, messageTtl });
    news.grantPublish(this.sender);
    news.subscribe(this.receiver, subscriber);
    news.subscribe(this.other, subscriber);
    if (this.change === 'after') news.subscribe(this.sender, { ...subscriber, group: 'late', prefix: 'LATE' });
    if (this.can(MessageSemantic.ROUTING_BY_KEY)) {
      const keyed = new BrokeredTopic(this.application, 'keyed', { broker: this.broker, messageTtl });
      keyed.grantPublish(this.sender);
      keyed.subscribe(this.receiver, { ...subscriber, filter: 'order.*.eu' });
      keyed.subscribe(this.other, { ...subscriber, filter: 'order.#' });
    }
    if (this.can(MessageSemantic.ROUTING_BY_HEADER)) {
      const labelled = new BrokeredTopic(this.application, 'labelled', { broker: this.broker, messageTtl });
      labelled.grantPublish(this.sender);
      labelled.subscribe(this.receiver, { ...subscriber, headers: { 'kind': 'letter', 'x-region': 'eu' } });
    }
  }

  private addStreams(): void {
    const log = new EventStream(this.application, 'log', { broker: this.broker });
    log.grantPublish(this.sender);
    log.grantRead(this.receiver);
    log.grantRead(this.other, { startFrom: StartFrom.offset(3), prefix: 'LOG_OFFSET' });
    if (this.can(MessageSemantic.PARTITIONS)) {
      const ordered = new EventStream(this.application, 'ordered', { broker: this.broker, partitions: 3 });
      ordered.grantPublish(this.sender);
      ordered.grantRead(this.receiver);
    }
    if (this.can(MessageSemantic.CONSUMER_GROUPS)) {
      const grouped = new EventStream(this.application, 'grouped', { broker: this.broker });
      grouped.grantPublish(this.sender);
      grouped.grantRead(this.receiver, { group: 'readers' });
      grouped.grantRead(this.other, { group: 'readers' });
    }
    if (this.can(MessageSemantic.COMPACTION)) {
      const state = new EventStream(this.application, 'state', { broker: this.broker, compacted: true });
      state.grantPublish(this.sender);
      state.grantRead(this.receiver);
    }
  }
}
