import type { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import type { GrantPublishOptions } from './brokered-topic';
import { nameChannel } from './channel-name';
import { warnOfMissingSide } from './missing-side';
import { isPositive, requestsOfReplicas, requireBrokerName, requireTime } from './queue-behaviour';
import { ReceiverScaling, scaleReceiver } from './receiver-scaling';
import { StartFrom } from './start-from';
import { IBroker, StartPosition, StreamRight, StreamSpec } from '../brokers/broker';
import { FeatureRequest, findRefusals, requestIf } from '../brokers/feature-request';
import { ChannelKind, MessageSemantic, SupportLevel } from '../brokers/semantics';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';
import { Access } from '../servers/access';
import { checkMembers } from '../servers/members';

/** Options of a stream. */
export interface EventStreamProps {
  /** Broker that holds the stream. */
  readonly broker: IBroker;
  /**
   * Name of the stream on the broker: letters, digits, '-', '_' and '.'.
   * @default - the construct's id in lower case, behind the broker's `namePrefix`
   */
  readonly streamName?: string;
  /**
   * Number of partitions. Events of one key are in one partition, where they stay in order; members of a group share the partitions.
   * @default 1
   */
  readonly partitions?: number;
  /**
   * Time after which an event is removed.
   * @default - never
   */
  readonly maxAge?: Duration;
  /**
   * Size of each partition beyond which the oldest events are removed.
   * @default - as much as the storage holds
   */
  readonly maxSize?: Size;
  /**
   * Whether the last event of each key stays, and earlier ones are removed.
   * @default false
   */
  readonly compacted?: boolean;
  /**
   * Time within which an event that is published twice is stored once.
   * @default - none, both are stored
   */
  readonly deduplicationWindow?: Duration;
  /**
   * Number of the broker's nodes that store each event: 1, 3 or 5.
   * @default - 3, or 1 on a broker of one node
   */
  readonly replicas?: number;
  /**
   * Number of nodes that must have stored an event before it is confirmed.
   * @default - a majority of the replicas
   */
  readonly minInSync?: number;
}

/** Options of a grant to read. */
export interface GrantReadStreamOptions {
  /**
   * Group whose members share the events, and whose position is kept: letters, digits, '-' and '_'.
   * @default - the name of the client's workload, where the broker has groups
   */
  readonly group?: string;
  /**
   * Where the group begins that was never there before.
   * @default StartFrom.beginning()
   */
  readonly startFrom?: StartFrom;
  /**
   * Beginning of the names of the variables.
   * @default - the stream's name in upper case
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
   * Lets the number of the reader's replicas follow what its group has not read yet, where something scales.
   * @default - none, there are as many as the reader's `replicas`
   */
  readonly scaling?: ReceiverScaling;
}

/** A durable log of events. Reading removes nothing, so that readers may come later, and begin where they want. */
export class EventStream extends Construct {
  /** Name of the stream on the broker. */
  public readonly streamName: string;

  private readonly broker: IBroker;
  private readonly stream: StreamSpec;
  /** What programs call it. */
  private readonly channel: string;
  /** Where each group begins. */
  private readonly starts = new Map<string, string>();
  private readonly granted = new Set<StreamRight>();

  /** The broker must be able to honour all that is asked for. */
  public constructor(scope: Construct, id: string, props: EventStreamProps) {
    checkCall(new.target, 'EventStream', arguments);
    super(Application._openScope(scope, id), id);
    this.broker = props.broker;
    const { own, onBroker } = nameChannel(props.broker, id, props.streamName);
    this.channel = own;
    this.streamName = onBroker;
    const { partitions = 1, maxSize, replicas, minInSync } = props;
    const problems = new Problems(this.node.path);
    requireBrokerName(problems, 'stream', this.streamName);
    checkMembers(problems, 'replicas', replicas);
    requireTime(problems, 'maxAge', props.maxAge);
    requireTime(problems, 'deduplicationWindow', props.deduplicationWindow);
    problems.check(isPositive(partitions) && partitions <= 1000, `'partitions' must be a whole number from 1 to 1000, got ${partitions}`);
    problems.check(maxSize === undefined || maxSize.toMebibytes() >= 1, `'maxSize' must be 1 MiB or more, got ${maxSize?.toMebibytes()} MiB`);
    problems.check(minInSync === undefined || (isPositive(minInSync) && minInSync <= (replicas ?? minInSync)), `'minInSync' must be a whole number from 1 to 'replicas', got ${minInSync}`);
    for (const refusal of findRefusals(props.broker, ChannelKind.STREAM, requestsOf(props))) problems.check(false, refusal);
    this.stream = {
      path: this.node.path,
      streamName: this.streamName,
      partitions,
      maxAge: props.maxAge?.toMilliseconds(),
      maxSize: maxSize && maxSize.toMebibytes() * 1024 * 1024,
      compacted: props.compacted ?? false,
      deduplicationWindow: props.deduplicationWindow?.toMilliseconds(),
      replicas,
      minInSync,
    };
    if (!Application._keep(this, problems)) this.broker.declareStream(this.stream);
    warnOfMissingSide(this, this.broker, [
      { who: 'publisher', method: 'grantPublish', consequence: 'nothing ever comes', isThere: () => this.granted.has(StreamRight.PUBLISH) },
      { who: 'reader', method: 'grantRead', consequence: 'nobody sees its events', isThere: () => this.granted.has(StreamRight.READ) },
    ]);
  }

  /** Lets a client publish events that may not already, and belongs to the application of the broker. */
  public grantPublish(publisher: IClient, options: GrantPublishOptions = {}): void {
    checkCall(this, 'EventStream.grantPublish', arguments);
    this.grant(publisher, StreamRight.PUBLISH, options);
  }

  /** Lets a client read events that may not already; the broker must be able to honour all that is asked for. */
  public grantRead(reader: IClient, options: GrantReadStreamOptions = {}): void {
    checkCall(this, 'EventStream.grantRead', arguments);
    const { group, startFrom = StartFrom.beginning() } = options;
    const problems = new Problems(this.node.path);
    problems.check(group === undefined || /^[A-Za-z0-9_-]{1,100}$/.test(group), `'group' must be at most 100 letters, digits, '-' and '_', got '${group}'`);
    for (const refusal of findRefusals(this.broker, ChannelKind.STREAM, requestsOfReading(group, startFrom))) problems.check(false, refusal);
    const { clientName, clientWorkload } = reader.toClient();
    const shared = group ?? clientWorkload?.name ?? clientName;
    const start = `${startFrom.position} ${startFrom.at}`;
    const grouped = this.broker.support(MessageSemantic.CONSUMER_GROUPS, ChannelKind.STREAM).level !== SupportLevel.REFUSED; // otherwise each reader has its own place
    problems.check(!grouped || (this.starts.get(shared) ?? start) === start,
      `readers of the group '${shared}' share one position, so all begin at the same place; give this one the same 'startFrom', or another 'group'`);
    Application._keep(this, problems);
    this.starts.set(shared, start);
    this.grant(reader, StreamRight.READ, options, { group: shared, startPosition: startFrom.position, startAt: startFrom.at });
  }

  private grant(
    client: IClient, right: StreamRight, { prefix, variables, waits, scaling }: GrantReadStreamOptions,
    reading: { group?: string; startPosition?: StartPosition; startAt?: string } = {},
  ): void {
    const { broker, stream } = this;
    const flow = { action: right, channel: this.streamName };
    const access = Access.grant(this, broker, client, { action: right, channel: this.channel, flow, prefix, variables, waits });
    const { principal } = access;
    const binding = broker.grantStream({ ...principal, client, stream, right, ...reading });
    if (scaling) scaleReceiver({ owner: this, broker, client: client.toClient(), principal, binding, scaling });
    access.bind(binding);
    this.granted.add(right);
  }
}

function requestsOfReading(group: string | undefined, { position }: StartFrom): FeatureRequest[] {
  const replay = position === StartPosition.TIME ? MessageSemantic.REPLAY_FROM_TIME : MessageSemantic.REPLAY;
  return [
    ...requestIf(group !== undefined, "'group'", MessageSemantic.CONSUMER_GROUPS),
    // left out, it would ask for the beginning
    ...requestIf(position !== StartPosition.LATEST, "'startFrom'", replay, "set 'startFrom: StartFrom.latest()'"),
  ];
}

function requestsOf(props: EventStreamProps): FeatureRequest[] {
  return [
    ...requestsOfReplicas(props.replicas),
    ...requestIf((props.partitions ?? 1) > 1, "'partitions'", MessageSemantic.PARTITIONS),
    ...requestIf(props.maxAge !== undefined, "'maxAge'", MessageSemantic.RETENTION_BY_TIME),
    ...requestIf(props.maxSize !== undefined, "'maxSize'", MessageSemantic.RETENTION_BY_SIZE),
    ...requestIf(props.compacted === true, "'compacted'", MessageSemantic.COMPACTION),
    ...requestIf(props.deduplicationWindow !== undefined, "'deduplicationWindow'", MessageSemantic.DEDUPLICATION),
    ...requestIf(props.minInSync !== undefined, "'minInSync'", MessageSemantic.MIN_IN_SYNC),
  ];
}
