import type { Construct } from 'constructs';
import { isPositive } from './queue-behaviour';
import { ReceiverScaling, scaleReceiver } from './receiver-scaling';
import { IBroker, QueueRight, QueueSpec } from '../brokers/broker';
import { findRefusals, requestIf } from '../brokers/feature-request';
import { ChannelKind, MessageSemantic } from '../brokers/semantics';
import { Application } from '../model/application';
import type { IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { Problems } from '../private/problems';
import { Access } from '../servers/access';

/** Options of a grant to receive. */
export interface GrantReceiveOptions {
  /**
   * Most messages that one consumer holds unacknowledged; the program takes it from `<PREFIX>_PREFETCH`.
   * @default 1
   */
  readonly prefetch?: number;
  /**
   * Beginning of the names of the variables.
   * @default - the queue's name in upper case
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
   * Lets a program that declares the queue by itself work unchanged. It costs: the client may then also delete the queue.
   * @default false
   */
  readonly declares?: boolean;
  /**
   * Lets the number of the client's replicas follow what waits for it, where something scales.
   * @default - none, there are as many as the client's `replicas`
   */
  readonly scaling?: ReceiverScaling;
}

/** A client that gets the right to receive from a queue. */
export interface Receiving {
  readonly owner: Construct;
  readonly broker: IBroker;
  readonly client: IClient;
  readonly queue: QueueSpec;
  readonly right: QueueRight.RECEIVE | QueueRight.RECEIVE_DEAD_LETTERS;
  /** What the client calls what it receives from; gives the variables their prefix. */
  readonly channel: string;
  /** What flows. */
  readonly flow: Flow;
  readonly options: GrantReceiveOptions;
}

/** Lets a client receive from a queue, or its dead letters. */
export function grantReceiving({ owner, broker, client, queue, right, channel, flow, options }: Receiving): void {
  const { prefetch = 1, declares = false, prefix, variables, waits, scaling } = options;
  const problems = new Problems(owner.node.path);
  problems.check(isPositive(prefetch) && prefetch <= 65535, `'prefetch' must be a whole number from 1 to 65535, got ${prefetch}`);
  const isThere = problems.check(right === QueueRight.RECEIVE || queue.deadLetterQueueName !== undefined, "has no dead-letter queue; leave out 'deadLetters: false'");
  problems.check(!scaling || !queue.singleActiveConsumer, "one consumer at a time gets everything, so more replicas would have nothing to do; leave out 'scaling' or 'singleActiveConsumer'");
  const requests = requestIf(options.prefetch !== undefined, "'prefetch'", MessageSemantic.PREFETCH);
  for (const refusal of findRefusals(broker, queue.source ? ChannelKind.TOPIC : ChannelKind.QUEUE, requests)) problems.check(false, refusal);
  Application._keep(owner, problems);
  if (!isThere) return;
  const access = Access.grant(owner, broker, client, { action: right, channel, prefix, variables, waits, flow });
  const { principal } = access;
  const binding = broker.grantQueue({ ...principal, client, queue, right, declares });
  if (scaling) scaleReceiver({ owner, broker, client: client.toClient(), principal, binding, scaling });
  access.bind(binding);
  access.bind({ variables: { PREFETCH: `${prefetch}` } });
}
