import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { IBrokerFactory } from './broker-contract';
import { Observed } from './observed';
import type { Granted, Subject } from './subject';
import { Overflow } from '../brokers/broker';
import { ChannelKind, MessageSemantic, SupportLevel } from '../brokers/semantics';
import { Application } from '../model/application';
import { Workload } from '../model/workload';
import { BrokeredQueue, BrokeredQueueProps, GrantSendOptions } from '../patterns/brokered-queue';
import { BrokeredTopic, BrokeredTopicProps, SubscribeOptions } from '../patterns/brokered-topic';
import { EventStream, EventStreamProps, GrantReadStreamOptions } from '../patterns/event-stream';
import type { QueueBehaviour } from '../patterns/queue-behaviour';
import type { GrantReceiveOptions } from '../patterns/receiving';
import { StartFrom } from '../patterns/start-from';

/** Options of what is declared and granted, in words of the patterns; by default the least that the broker takes. */
export interface DeclarationOptions {
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

/** Everything that can be declared on a broker. */
export const KINDS = Object.values(ChannelKind);

/** A broker in an application, with clients for it. */
export class Setting implements Subject {
  /** Why a program with such a broker is refused, at once or with all that is wrong; undefined if it is not. */
  public static refusalOf(factory: IBrokerFactory, program: (setting: Setting) => void): string | undefined {
    try {
      const setting = new Setting(factory);
      program(setting);
      setting.application.check();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  public readonly broker: Observed;
  /** Where all but the broker stands. */
  public readonly scope: Construct;
  private readonly _clients: Workload[] = [];

  /** @param id of the broker, which its clients have in their paths; by default they stand beside a broker of any id */
  public constructor(private readonly factory: IBrokerFactory, public readonly application = new Application('contract'), id?: string) {
    this.broker = new Observed(factory.makeBroker(application, id ?? 'broker'));
    this.scope = id === undefined ? application : new Construct(application, `${id}-users`);
  }

  public get server(): Observed {
    return this.broker;
  }

  public get granted(): Granted[] {
    return this.broker.granted;
  }

  public addStranger(): void {
    this.client('stranger');
  }

  public grantAll(backwards = false): void {
    if (!backwards) for (const grant of this.declareAll()) grant();
    else for (const kind of [...KINDS].reverse()) for (const grant of this.declareAll([kind]).reverse()) grant();
  }

  /** Declares what the broker takes, and returns the grants to it. A kind that it refuses as a whole is left out: the contract looks at the reason elsewhere. */
  public declareAll(kinds = KINDS): Grant[] {
    return kinds.filter(kind => Setting.refusalOf(this.factory, trial => trial.declare(kind)) === undefined).flatMap(kind => this.declare(kind));
  }

  public can(kind: ChannelKind, semantic: MessageSemantic): boolean {
    return this.broker.support(semantic, kind).level !== SupportLevel.REFUSED;
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

  public declare(kind: ChannelKind, options: DeclarationOptions = {}): Grant[] {
    switch (kind) {
      case ChannelKind.QUEUE: return this.declareQueue(options);
      case ChannelKind.TOPIC: return this.declareTopic(options);
      case ChannelKind.STREAM: return this.declareStream(options);
    }
  }

  /** Declares a further queue, topic or stream of a name that may be taken. */
  public declareNamed(kind: ChannelKind, id: string, name: string): void {
    const { broker } = this;
    if (kind === ChannelKind.QUEUE) new BrokeredQueue(this.scope, id, { broker, queueName: name, ...this.settle(kind, this.expiring(kind, {})) });
    else if (kind === ChannelKind.TOPIC) new BrokeredTopic(this.scope, id, { broker, topicName: name, ...this.expiring(kind, {}) });
    else new EventStream(this.scope, id, { broker, streamName: name });
  }

  private declareQueue({ queue = {}, sending, receiving }: DeclarationOptions): Grant[] {
    const { broker } = this;
    const orders = new BrokeredQueue(this.scope, 'orders', { broker, ...this.settle(ChannelKind.QUEUE, this.expiring(ChannelKind.QUEUE, queue)) });
    return [
      () => orders.grantSend(this.client('seller'), sending),
      () => orders.grantReceive(this.client('packer'), receiving),
      () => orders.grantReceive(this.client('helper'), receiving),
      ...(orders.deadLetterQueueName === undefined ? [] : [() => orders.grantReceiveDeadLetters(this.client('doctor'))]),
    ];
  }

  private declareTopic({ topic = {}, subscription = {} }: DeclarationOptions): Grant[] {
    const given = this.expiring(ChannelKind.TOPIC, topic);
    const news = new BrokeredTopic(this.scope, 'news', { broker: this.broker, ...given });
    const subscribed = (options: SubscribeOptions): SubscribeOptions => {
      const { messageTtl: _, ...settled } = this.settle(ChannelKind.TOPIC, { messageTtl: given.messageTtl, ...options });
      return settled;
    };
    return [
      () => news.grantPublish(this.client('editor')),
      () => { news.subscribe(this.client('listener'), subscribed(subscription)); },
      () => { news.subscribe(this.client('archivist'), subscribed({})); },
    ];
  }

  private declareStream({ stream = {}, reading = {} }: DeclarationOptions): Grant[] {
    const log = new EventStream(this.scope, 'log', { broker: this.broker, ...stream });
    const usual = this.can(ChannelKind.STREAM, MessageSemantic.REPLAY) ? {} : { startFrom: StartFrom.latest() };
    return [
      () => log.grantPublish(this.client('writer')),
      () => log.grantRead(this.client('analyst'), { ...usual, ...reading }),
    ];
  }

  private expiring<T extends { readonly messageTtl?: Duration }>(kind: ChannelKind, props: T): T {
    return this.can(kind, MessageSemantic.KEPT_UNTIL_RECEIVED) ? props : { messageTtl: Duration.hours(1), ...props };
  }

  /** Adds what the broker needs for the rest not to be refused. */
  private settle<T extends QueueBehaviour & { readonly messageTtl?: Duration }>(kind: ChannelKind, props: T): T & QueueBehaviour {
    const can = (semantic: MessageSemantic) => this.can(kind, semantic);
    const limited = props.maxLength !== undefined || props.maxSize !== undefined;
    const overflow = props.overflow ?? (limited && !can(MessageSemantic.REJECT_NEW) ? Overflow.DROP_OLDEST : undefined);
    const keeps = can(MessageSemantic.EXPIRED_DEAD_LETTERS);
    const removes = (props.messageTtl !== undefined || overflow === Overflow.DROP_OLDEST) && !keeps;
    const beside = can(MessageSemantic.EXPIRED_REMOVED);
    return {
      ...props,
      overflow,
      deadLetters: props.deadLetters ?? (can(MessageSemantic.DELIVERY_LIMIT) && (!removes || beside)),
      expiredToDeadLetters: props.expiredToDeadLetters ?? !(removes && beside),
      singleActiveConsumer: props.singleActiveConsumer ?? !can(MessageSemantic.COMPETING_CONSUMERS),
    };
  }
}
