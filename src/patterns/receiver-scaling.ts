import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { BrokerBinding, IBroker } from '../brokers/broker';
import { Application } from '../model/application';
import type { Client } from '../model/client';
import type { ScalingRange } from '../model/scaling-range';
import { Workload } from '../model/workload';
import { Problems } from '../private/problems';
import type { Principal } from '../servers/access';

/**
 * How many replicas a receiver has: so many that each can work off its share of the messages that wait.
 * Give either `targetBacklog`, or `acceptableLatency` with `processingTime`.
 */
export interface ReceiverScaling extends ScalingRange {
  /**
   * Messages that may wait for each replica; those that are being worked on are not counted on RabbitMQ.
   * @default - as many as one replica works off within `acceptableLatency`
   */
  readonly targetBacklog?: number;
  /**
   * Time that a message may wait.
   * @default - none, `targetBacklog` says how many wait
   */
  readonly acceptableLatency?: Duration;
  /**
   * Time that one replica takes for one message; a tenth of it where a replica works on ten at the same time.
   * @default - none, `targetBacklog` says how many wait
   */
  readonly processingTime?: Duration;
}

/** A receiver whose replicas are to follow what waits for it. */
export interface ScaledReceiver {
  /** The construct that grants. */
  readonly owner: Construct;
  readonly broker: IBroker;
  readonly client: Client;
  readonly principal: Principal;
  readonly binding: BrokerBinding;
  readonly scaling: ReceiverScaling;
}

/** Lets the replicas of a receiver's workload follow what waits for it. */
export function scaleReceiver({ owner, broker, client, principal, binding: { backlog, noBacklogReason }, scaling }: ScaledReceiver): void {
  const workload = client.clientWorkload;
  const problems = new Problems(owner.node.path);
  problems.check(backlog !== undefined, `'scaling' cannot be had here on ${broker.product}: ${noBacklogReason ?? 'it does not say how its backlog is read; use another broker'}, or leave it out`);
  problems.check(workload instanceof Workload, `'${client.clientName}' has no replicas that run on, so it cannot have 'scaling'; let a Workload receive, or leave it out`);
  const partitions = backlog?.partitions ?? Infinity;
  problems.check(scaling.max <= partitions,
    `'max' of 'scaling' must be at most the number of partitions, which is ${partitions}, as more replicas would have nothing to do, got ${scaling.max}; set a smaller one, or more partitions`);
  const targetBacklog = resolveTarget(scaling, problems);
  if (Application._keep(owner, problems)) return;
  const { max, min, pollingInterval, cooldown } = scaling;
  const source = { backlog: backlog!, targetBacklog, endpoint: broker.endpoint, ...principal, caCertificates: broker.caCertificates };
  (workload as Workload).scaleBy(source, { max, min, pollingInterval, cooldown });
}

function resolveTarget({ targetBacklog, acceptableLatency, processingTime }: ReceiverScaling, problems: Problems): number {
  const timed = acceptableLatency !== undefined && processingTime !== undefined;
  const complete = (acceptableLatency === undefined) === (processingTime === undefined) && timed === (targetBacklog === undefined);
  problems.check(complete, "'scaling' needs either 'targetBacklog', or 'acceptableLatency' and 'processingTime'");
  if (!timed) return targetBacklog ?? 1;
  const [latency, time] = [acceptableLatency.toMilliseconds(), processingTime.toMilliseconds()];
  problems.check(time >= 1 && latency >= time, `'processingTime' must be from 1 ms to 'acceptableLatency', which is ${latency} ms, got ${time} ms`);
  return Math.floor(latency / time);
}
