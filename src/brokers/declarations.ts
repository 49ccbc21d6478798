import type { Construct } from 'constructs';
import type { BrokerPrincipal, QueuePrincipal, QueueSpec, StreamPrincipal, StreamSpec, TopicPrincipal, TopicSpec } from './broker';
import { Application } from '../model/application';
import { Warnings } from '../model/warnings';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** What was declared on a broker, in the order of names: for whoever makes it in the place of the broker. */
export interface IDeclarations {
  /** Queues, those of subscribers, too. */
  readonly queues: QueueSpec[];
  /** Topics. */
  readonly topics: TopicSpec[];
  /** Streams. */
  readonly streams: StreamSpec[];
  /** Users with a right on a queue. */
  readonly queuePrincipals: QueuePrincipal[];
  /** Users with a right on a topic. */
  readonly topicPrincipals: TopicPrincipal[];
  /** Users with a right on a stream. */
  readonly streamPrincipals: StreamPrincipal[];
  /** All users, whatever their right. */
  readonly principals: BrokerPrincipal[];
}

/** Everything that was declared on one broker, in the order of names, whatever the order of calls. */
export class Declarations implements IDeclarations {
  private readonly owners = new Map<string, string>();
  private readonly _queues: QueueSpec[] = [];
  private readonly _topics: TopicSpec[] = [];
  private readonly _streams: StreamSpec[] = [];
  private readonly _queuePrincipals: QueuePrincipal[] = [];
  private readonly _topicPrincipals: TopicPrincipal[] = [];
  private readonly _streamPrincipals: StreamPrincipal[] = [];

  public constructor(private readonly broker: Construct) {
    checkCall(new.target, 'Declarations', arguments);
    broker.node.addValidation({ validate: () => this.warnOfNothing() });
  }

  /** Queues, those of subscribers, too. */
  public get queues(): QueueSpec[] {
    return sorted(this._queues, queue => queue.queueName);
  }

  public get topics(): TopicSpec[] {
    return sorted(this._topics, topic => topic.topicName);
  }

  public get streams(): StreamSpec[] {
    return sorted(this._streams, stream => stream.streamName);
  }

  public get queuePrincipals(): QueuePrincipal[] {
    return sorted(this._queuePrincipals, userNameOf);
  }

  public get topicPrincipals(): TopicPrincipal[] {
    return sorted(this._topicPrincipals, userNameOf);
  }

  public get streamPrincipals(): StreamPrincipal[] {
    return sorted(this._streamPrincipals, userNameOf);
  }

  /** All users, whatever their right. */
  public get principals(): BrokerPrincipal[] {
    return sorted([...this._queuePrincipals, ...this._topicPrincipals, ...this._streamPrincipals], userNameOf);
  }

  /** @param names what the broker makes for it, none of which it may have already */
  public addQueue(queue: QueueSpec, names: string[] = namesOf(queue)): void {
    checkCall(this, 'Declarations.addQueue', arguments);
    if (this.claim(queue.path, 'queue', 'queueName', names)) this._queues.push(queue);
  }

  public addTopic(topic: TopicSpec): void {
    checkCall(this, 'Declarations.addTopic', arguments);
    if (this.claim(topic.path, 'topic', 'topicName', [topic.topicName])) this._topics.push(topic);
  }

  public addStream(stream: StreamSpec): void {
    checkCall(this, 'Declarations.addStream', arguments);
    if (this.claim(stream.path, 'stream', 'streamName', [stream.streamName])) this._streams.push(stream);
  }

  public addQueuePrincipal(principal: QueuePrincipal): void {
    checkCall(this, 'Declarations.addQueuePrincipal', arguments);
    this._queuePrincipals.push(principal);
  }

  public addTopicPrincipal(principal: TopicPrincipal): void {
    checkCall(this, 'Declarations.addTopicPrincipal', arguments);
    this._topicPrincipals.push(principal);
  }

  public addStreamPrincipal(principal: StreamPrincipal): void {
    checkCall(this, 'Declarations.addStreamPrincipal', arguments);
    this._streamPrincipals.push(principal);
  }

  private warnOfNothing(): string[] {
    if (this.owners.size === 0) Warnings.of(this.broker).add('unused', 'the broker has no queue, topic or stream; define one, or remove the broker');
    return [];
  }

  private claim(path: string, kind: string, property: string, names: string[]): boolean {
    for (const name of names) {
      const owner = this.owners.get(name);
      if (owner === undefined) continue;
      Application._refuse(this.broker, `${this.broker.node.path} has a ${owner} '${name}' already; choose another id or set '${property}'`, path);
      return false;
    }
    for (const name of names) this.owners.set(name, kind);
    return true;
  }
}

function namesOf({ queueName, deadLetterQueueName }: QueueSpec): string[] {
  return [queueName, ...(deadLetterQueueName === undefined ? [] : [deadLetterQueueName])];
}

function sorted<T>(items: T[], nameOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => byText(nameOf(a), nameOf(b)));
}

function userNameOf({ userName }: BrokerPrincipal): string {
  return userName;
}
