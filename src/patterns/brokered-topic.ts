import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { nameChannel } from './channel-name';
import { warnOfMissingSide } from './missing-side';
import { QueueBehaviour, requestsOfReplicas, requireBrokerName, requireTime } from './queue-behaviour';
import type { ReceiverScaling } from './receiver-scaling';
import { Subscription } from './subscription';
import { IBroker, TopicSpec } from '../brokers/broker';
import { findRefusals, requestIf } from '../brokers/feature-request';
import { ChannelKind, MessageSemantic } from '../brokers/semantics';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';
import { Access } from '../servers/access';
import { checkMembers } from '../servers/members';

/** Options of a topic. */
export interface BrokeredTopicProps {
  /** Broker that holds the topic. */
  readonly broker: IBroker;
  /**
   * Name of the topic on the broker: letters, digits, '-', '_' and '.'.
   * @default - the construct's id in lower case, behind the broker's `namePrefix`
   */
  readonly topicName?: string;
  /**
   * Time after which a message expires that a subscriber has not taken.
   * @default - never
   */
  readonly messageTtl?: Duration;
  /**
   * Number of the broker's nodes that store each message: 1, 3 or 5.
   * @default - 3, or 1 on a broker of one node
   */
  readonly replicas?: number;
}

/** Options of a grant to publish. */
export interface GrantPublishOptions {
  /**
   * Beginning of the names of the variables.
   * @default - the name of the topic or stream in upper case
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
  /**
   * Whether the client starts only after the broker is healthy and has what is declared. A program that does not wait must connect again by itself.
   * @default true
   */
  readonly waits?: boolean;
}

/** Options of a subscription. */
export interface SubscribeOptions extends QueueBehaviour {
  /**
   * Name of the subscriber, or of the group whose members share its copy: letters, digits, '-' and '_'.
   * @default - the name of the client's workload
   */
  readonly group?: string;
  /**
   * Keys of the messages that are wanted, as words between dots; `*` stands for one word and `#` for any number of words.
   * @default '#'
   */
  readonly filter?: string;
  /**
   * Headers that a message must have, all of them.
   * @default - any
   */
  readonly headers?: Record<string, string>;
  /**
   * Most messages that one consumer holds unacknowledged; the program takes it from `<PREFIX>_PREFETCH`.
   * @default 1
   */
  readonly prefetch?: number;
  /**
   * Beginning of the names of the variables.
   * @default - the topic's name in upper case
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
  /**
   * Whether the client starts only after the broker is healthy and has what is declared. A program that does not wait must connect again by itself.
   * @default true
   */
  readonly waits?: boolean;
  /**
   * Lets the number of the client's replicas follow what waits for the subscriber, where something scales.
   * @default - none, there are as many as the client's `replicas`
   */
  readonly scaling?: ReceiverScaling;
}

/**
 * Messages that every subscriber gets a copy of. What is published while a subscriber is down waits for it.
 * A publisher names a key with each message, such as `order.created.eu`; subscribers choose by key.
 */
export class BrokeredTopic extends Construct {
  /** Name of the topic on the broker. */
  public readonly topicName: string;

  private readonly broker: IBroker;
  private readonly topic: TopicSpec;
  /** What programs call it. */
  private readonly channel: string;
  private readonly messageTtl?: Duration;
  private isPublished = false;
  private isSubscribed = false;

  /** The broker must be able to honour all that is asked for. */
  public constructor(scope: Construct, id: string, props: BrokeredTopicProps) {
    checkCall(new.target, 'BrokeredTopic', arguments);
    super(Application._openScope(scope, id), id);
    this.broker = props.broker;
    const { own, onBroker } = nameChannel(props.broker, id, props.topicName);
    this.channel = own;
    this.topicName = onBroker;
    this.messageTtl = props.messageTtl;
    const problems = new Problems(this.node.path);
    requireBrokerName(problems, 'topic', this.topicName);
    checkMembers(problems, 'replicas', props.replicas);
    requireTime(problems, 'messageTtl', props.messageTtl);
    const kept = props.messageTtl === undefined;
    const requests = [
      ...requestIf(kept, "a topic without 'messageTtl'", MessageSemantic.KEPT_UNTIL_RECEIVED, "say with 'messageTtl' when messages may be removed"),
      ...requestIf(!kept, "'messageTtl'", MessageSemantic.MESSAGE_TTL),
      ...requestsOfReplicas(props.replicas),
    ];
    for (const refusal of findRefusals(props.broker, ChannelKind.TOPIC, requests)) problems.check(false, refusal);
    this.topic = { path: this.node.path, topicName: this.topicName, messageTtl: props.messageTtl?.toMilliseconds(), replicas: props.replicas };
    if (!Application._keep(this, problems)) this.broker.declareTopic(this.topic);
    warnOfMissingSide(this, this.broker, [
      { who: 'publisher', method: 'grantPublish', consequence: 'nothing ever comes', isThere: () => this.isPublished },
      { who: 'subscriber', method: 'subscribe', consequence: 'its messages are lost', isThere: () => this.isSubscribed },
    ]);
  }

  /** Lets a client publish messages that may not already, and belongs to the application of the broker. */
  public grantPublish(publisher: IClient, options: GrantPublishOptions = {}): void {
    checkCall(this, 'BrokeredTopic.grantPublish', arguments);
    const { prefix, variables, waits } = options;
    const flow = { action: 'publish', channel: this.topicName };
    const access = Access.grant(this, this.broker, publisher, { action: 'publish', channel: this.channel, flow, prefix, variables, waits });
    access.bind(this.broker.grantTopic({ ...access.principal, client: publisher, topic: this.topic }));
    this.isPublished = true;
  }

  /**
   * Gives a client a copy of each message that is published from now on.
   * @returns the subscription, in which further clients may share
   * @throws if a grant of the topic is called as the group is.
   */
  public subscribe(subscriber: IClient, options: SubscribeOptions = {}): Subscription {
    checkCall(this, 'BrokeredTopic.subscribe', arguments);
    const { clientName, clientWorkload } = subscriber.toClient();
    const { group = clientWorkload?.name ?? clientName, prefetch, prefix, variables, waits, scaling, ...behaviour } = options;
    Application._openScope(this, group);
    const present = this.node.tryFindChild(group);
    if (present instanceof Subscription) {
      Application._refuse(this, `'${group}' has subscribed already; let '${clientName}' share with 'grantReceive' of that subscription, or give another 'group'`);
      return present;
    }
    if (present) throw new Error(`${this.node.path}: a grant of the topic is called '${group}' already; give another 'group'`);
    const { broker, topicName, channel, messageTtl, topic: { replicas } } = this;
    const subscription = new Subscription(this, group, { ...behaviour, broker, topicName, channel, messageTtl, replicas });
    subscription.grantReceive(subscriber, { prefetch, prefix, variables, waits, scaling });
    this.isSubscribed = true;
    return subscription;
  }
}
