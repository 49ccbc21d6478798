import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { IBrokerFactory } from './broker-contract';
import { Observed } from './observed';
import { Overflow } from '../brokers/broker';
import { MessageSemantic, SupportLevel } from '../brokers/semantics';
import { Application } from '../model/application';
import { Workload } from '../model/workload';
import { BrokeredQueue, BrokeredQueueProps, GrantSendOptions } from '../patterns/brokered-queue';
import { BrokeredTopic, BrokeredTopicProps, SubscribeOptions } from '../patterns/brokered-topic';
import { EventStream, EventStreamProps, GrantReadStreamOptions } from '../patterns/event-stream';
import type { QueueBehaviour } from '../patterns/queue-behaviour';
import type { GrantReceiveOptions } from '../patterns/receiving';
import { StartFrom } from '../patterns/start-from';

/** What is declared, and granted, in words of the patterns; by default the least that the broker takes. */
export interface Wanted {
  readonly queue?: Partial<BrokeredQueueProps>;
  readonly sending?: GrantSendOptions;
  readonly receiving?: GrantReceiveOptions;
  readonly topic?: Partial<BrokeredTopicProps>;
  readonly subscription?: SubscribeOptions;
  readonly stream?: Partial<EventStreamProps>;
  readonly reading?: GrantReadStreamOptions;
}

/** Gives clients their rights. */
export type Grant = () => void;

/** Kinds of what is declared on a broker. */
export const KINDS = ['queue', 'topic', 'stream'] as const;

export type Kind = typeof KINDS[number];

/** A broker in an application, with clients for it. */
export class Setting {
  public readonly broker: Observed;
  private readonly _clients: Workload[] = [];

  /**
   * @param id of the broker
   * @param scope of all but the broker
   */
  public constructor(factory: IBrokerFactory, public readonly application = new Application('contract'), id = 'broker', public readonly scope: Construct = application) {
    this.broker = new Observed(factory.makeBroker(application, id));
  }

  public can(...semantics: MessageSemantic[]): boolean {
    return semantics.every(semantic => this.broker.support(semantic).level !== SupportLevel.REFUSED);
  }

  /** Construct path of what is declared. */
  public pathOf(id: string): string {
    return `${this.scope.node.path}/${id}`;
  }

  /** Names of the workloads that are clients. */
  public get clients(): string[] {
    return this._clients.map(({ name }) => name);
  }

  public client(id: string): Workload {
    const client = new Workload(this.scope, id, { image: 'registry.example/contract/client:1.0.0' });
    this._clients.push(client);
    return client;
  }

  /** @throws if patterns or broker refuse it. */
  public declare(kind: Kind, wanted: Wanted = {}): Grant[] {
    switch (kind) {
      case 'queue': return this.declareQueue(wanted);
      case 'topic': return this.declareTopic(wanted);
      default: return this.declareStream(wanted);
    }
  }

  /** Declares a further queue, topic or stream of a name that may be taken. */
  public declareNamed(kind: Kind, id: string, name: string): void {
    const { broker } = this;
    if (kind === 'queue') new BrokeredQueue(this.scope, id, { broker, queueName: name, ...this.settle(this.expiring({})) });
    else if (kind === 'topic') new BrokeredTopic(this.scope, id, { broker, topicName: name, ...this.expiring({}) });
    else new EventStream(this.scope, id, { broker, streamName: name });
  }

  private declareQueue({ queue = {}, sending, receiving }: Wanted): Grant[] {
    const { broker } = this;
    const orders = new BrokeredQueue(this.scope, 'orders', { broker, ...this.settle(this.expiring(queue)) });
    return [
      () => orders.grantSend(this.client('seller'), sending),
      () => orders.grantReceive(this.client('packer'), receiving),
      () => orders.grantReceive(this.client('helper'), receiving),
      ...(orders.deadLetterQueueName === undefined ? [] : [() => orders.grantReceiveDeadLetters(this.client('doctor'))]),
    ];
  }

  private declareTopic({ topic = {}, subscription = {} }: Wanted): Grant[] {
    const given = this.expiring(topic);
    const news = new BrokeredTopic(this.scope, 'news', { broker: this.broker, ...given });
    const subscribed = (options: SubscribeOptions) => this.settle({ messageTtl: given.messageTtl, ...options });
    return [
      () => news.grantPublish(this.client('editor')),
      () => { news.subscribe(this.client('listener'), subscribed(subscription)); },
      () => { news.subscribe(this.client('archivist'), subscribed({})); },
    ];
  }

  private declareStream({ stream = {}, reading = {} }: Wanted): Grant[] {
    const log = new EventStream(this.scope, 'log', { broker: this.broker, ...stream });
    const usual = this.can(MessageSemantic.REPLAY) ? {} : { startFrom: StartFrom.latest() };
    return [
      () => log.grantPublish(this.client('writer')),
      () => log.grantRead(this.client('analyst'), { ...usual, ...reading }),
    ];
  }

  private expiring<T extends { readonly messageTtl?: Duration }>(props: T): T {
    return this.can(MessageSemantic.KEPT_UNTIL_RECEIVED) ? props : { messageTtl: Duration.hours(1), ...props };
  }

  /** Adds what the broker needs for the rest not to be refused. */
  private settle<T extends QueueBehaviour & { readonly messageTtl?: Duration }>(props: T): T & QueueBehaviour {
    const limited = props.maxLength !== undefined || props.maxSize !== undefined;
    const overflow = props.overflow ?? (limited && !this.can(MessageSemantic.REJECT_NEW) ? Overflow.DROP_OLDEST : undefined);
    const keeps = this.can(MessageSemantic.EXPIRED_DEAD_LETTERS);
    const removes = (props.messageTtl !== undefined || overflow === Overflow.DROP_OLDEST) && !keeps;
    const beside = this.can(MessageSemantic.EXPIRED_REMOVED);
    return {
      ...props,
      overflow,
      deadLetters: props.deadLetters ?? (this.can(MessageSemantic.DELIVERY_LIMIT) && (!removes || beside)),
      expiredToDeadLetters: props.expiredToDeadLetters ?? !(removes && beside),
    };
  }
}
