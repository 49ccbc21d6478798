import type { Construct } from 'constructs';
import { grant } from './grant';
import { isPositive } from './queue-behaviour';
import type { ReceiverScaling } from './receiver-scaling';
import { IBroker, QueueRight, QueueSpec } from '../brokers/broker';
import { MessageSemantic } from '../brokers/semantics';
import { findRefusals } from '../brokers/support';
import type { IClient } from '../model/client';
import type { Flow } from '../model/connection';

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
  /** What the client may do, as part of the user's name. */
  readonly role: string;
  /** Name that gives the variables their prefix. */
  readonly name: string;
  /** What flows. */
  readonly flow: Flow;
  readonly options: GrantReceiveOptions;
}

/** Lets a client receive from a queue, or its dead letters. */
export function grantReceiving({ owner, broker, client, queue, right, role, name, flow, options }: Receiving): void {
  const { prefetch = 1, declares = false, prefix, scaling } = options;
  if (!isPositive(prefetch) || prefetch > 65535) throw new Error(`${owner.node.path}: 'prefetch' must be a whole number from 1 to 65535, got ${prefetch}`);
  if (right === QueueRight.RECEIVE_DEAD_LETTERS && queue.deadLetterQueueName === undefined) {
    throw new Error(`${owner.node.path}: has no dead-letter queue; leave out 'deadLetters: false'`);
  }
  if (scaling && queue.singleActiveConsumer) throw new Error(`${owner.node.path}: one consumer at a time gets everything, so more replicas would have nothing to do; leave out 'scaling' or 'singleActiveConsumer'`);
  const asked = { property: "'prefetch'", semantic: MessageSemantic.PREFETCH, remedy: "leave out 'prefetch'" };
  for (const refusal of findRefusals(broker, options.prefetch === undefined ? [] : [asked])) throw new Error(`${owner.node.path}: ${refusal}`);
  grant({
    owner,
    broker,
    client,
    role,
    name,
    flow,
    prefix,
    variables: { PREFETCH: `${prefetch}` },
    scaling,
    bind: principal => broker.grantQueue({ ...principal, queue, right, declares }),
  });
}
