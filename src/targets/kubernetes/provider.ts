import type { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { requireNamespace } from './namespace';
import type { Manifest, Plain } from './plain';
import type { ConfigFile } from '../../model/config-file';
import type { Primitive } from '../../model/primitive';
import type { Task } from '../../model/task';
import type { WorkloadBase } from '../../model/workload-base';
import type { FidelityReport } from '../fidelity';

/** Pods that an operator makes for a workload. */
export interface OperatedPods {
  /** Labels that select all of them. */
  readonly selector: Record<string, string>;
  /** Labels that select each member's; undefined where no client connects, so that there are no Services. */
  readonly members?: Record<string, string>[];
  /** Labels that select all pods of the broker, which reach each other on every port. */
  readonly cluster: Record<string, string>;
}

/** What a Secret needs beside the password, so that an operator takes both from it. */
export interface Login {
  readonly userName: string;
  readonly labels: Record<string, string>;
}

/** What operators take over of one application. The chart makes everything else as ever. */
export class Takeover {
  /** Pods of workloads that operators run: nothing but Services and a NetworkPolicy is made for these. */
  public readonly pods = new Map<WorkloadBase, OperatedPods>();
  /** What else the pods of a workload may be reached from. */
  public readonly ingress = new Map<WorkloadBase, Plain<k8s.NetworkPolicyIngressRule>[]>();
  /** What is not made at all. */
  public readonly taken = new Set<Primitive>();
  /** Config files that have another text. */
  public readonly texts = new Map<ConfigFile, string>();
  /** Other checks for the effects of tasks. */
  public readonly effects = new Map<Task, string[]>();
  /** Secrets that need more than a password, by their names. */
  public readonly logins = new Map<string, Login>();
  /** What stands in the place of all that, in the order in which it is to be applied. */
  public readonly manifests: Manifest[] = [];

  public constructor(public readonly fidelity: FidelityReport, public readonly namespace: string | undefined, public readonly imagePullSecrets: string[]) {}
}

/**
 * Hands a broker over to an operator, on Kubernetes alone: its pods, storage and topology become custom resources. Names, ports,
 * variables and passwords of clients stay as they are.
 */
export abstract class BrokerOperator {
  /** Namespace in which the operator runs. */
  public readonly namespace: string;
  /** @internal */
  public readonly _broker: Construct;

  /**
   * @param broker what is handed over
   * @throws if the namespace is malformed.
   */
  protected constructor(broker: Construct, namespace: string) {
    this._broker = broker;
    this.namespace = requireNamespace(`operator of ${broker.node.path}`, namespace);
  }

  /** @internal */
  public abstract _takeOver(takeover: Takeover): void;
}
