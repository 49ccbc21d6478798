import type { Protocol } from '../../model/endpoint';
import type { Primitive } from '../../model/primitive';
import type { WorkloadBase } from '../../model/workload-base';
import type { Deviation } from '../fidelity';

/**
 * Makes primitives on Kubernetes in the place of the chart, mostly by custom resources of something that runs in the cluster.
 * Of several providers the first that makes a primitive does, and the chart makes what none of them does.
 */
export interface IProvider {
  /**
   * What is made in the place of a primitive, or comes to it; nothing where the provider has nothing to do with it.
   * Every primitive is asked for once, when nothing of the application can change any more. The same question always gets the same answer.
   */
  provide(primitive: Primitive, context: IProviderContext): Provision | undefined;
}

/** What a provider may know of the chart. */
export interface IProviderContext {
  /**
   * Namespace of all objects.
   * @default - the chart was not told
   */
  readonly namespace?: string;
  /** The cluster's DNS domain. */
  readonly clusterDomain: string;
  /** Names of the Secrets with credentials for the registries that images come from. */
  readonly imagePullSecrets: string[];

  /**
   * Labels that select the pods of a workload or task, whoever makes them; nothing if it has none.
   * @throws if the labels are asked for by whoever is to say them.
   */
  podLabelsOf(workload: WorkloadBase): Record<string, string> | undefined;
}

/**
 * What is made of a primitive. A provider makes it that says `manifests`, `pods`, `text` or `completionCheck`; whatever of these it leaves out stays
 * as the chart makes it. All the rest is added to what is made, by any number of providers.
 */
export interface Provision {
  /**
   * Objects in the place of those that the chart would make, an empty list for none. Kinds that are not Kubernetes' own are written before Jobs,
   * in this order.
   * @default - the chart's own, or none where there are `pods`
   */
  readonly manifests?: any[];
  /**
   * Pods that are made in the place of the chart's; of a workload or a task. Its NetworkPolicy and its Services select these.
   * @default - the chart's own, or none where there are `manifests`: no Services and no NetworkPolicy, either
   */
  readonly pods?: ProvidedPods;
  /**
   * Another text; of a config file.
   * @default - the file's own
   */
  readonly text?: string;
  /**
   * Another command that succeeds once the work is done, by which whoever waits for it learns of it; of a task.
   * @default - the task's own
   */
  readonly completionCheck?: string[];
  /**
   * What stands beside the value, by keys; of a secret. With `secretStore` the chart has it written, otherwise whoever makes the Secret writes it.
   * @default - nothing
   */
  readonly secretData?: Record<string, string>;
  /**
   * Labels of the Secret, which get there as `secretData` does; of a secret.
   * @default - none
   */
  readonly secretLabels?: Record<string, string>;
  /**
   * Command that tells at which address clients outside come in; of a workload with published ports whose clients come in by `manifests`.
   * @default - the chart has a Service lead them to the pods
   */
  readonly entranceCommand?: string;
  /**
   * Who of the cluster connects to the application because of the primitive.
   * @default - nobody but clients of the application
   */
  readonly callers?: Caller[];
  /**
   * What differs from what was declared, or cannot be had, so that the chart refuses it.
   * @default - all is as declared
   */
  readonly deviations?: ProvisionDeviation[];
}

/** Pods that somebody else makes for a workload or a task. */
export interface ProvidedPods {
  /** Labels that select all of them. */
  readonly labels: Record<string, string>;
  /**
   * Host names of the workload, its own and those of its members, with labels of the pods that each leads to. Clients that wait for a stable
   * workload need all of them.
   * @default - none, nobody connects by name, so that there are no Services
   */
  readonly hosts?: Record<string, Record<string, string>>;
  /**
   * Labels of all pods that these belong together with: they reach each other on every port.
   * @default - these alone where the workload is clustered, otherwise none
   */
  readonly peers?: Record<string, string>;
}

/** Pods of the cluster, beside those of the application, that connect to a workload of it. */
export interface Caller {
  /** The workload that is connected to. */
  readonly workload: WorkloadBase;
  /** Number of the port. */
  readonly port: number;
  /**
   * Transport protocol.
   * @default Protocol.TCP
   */
  readonly protocol?: Protocol;
  /** Namespace in which the pods are. */
  readonly namespaceName: string;
  /**
   * Labels that select them.
   * @default - all pods of the namespace
   */
  readonly podLabels?: Record<string, string>;
}

/** Where what a provider makes differs from what was declared. */
export interface ProvisionDeviation extends Deviation {
  /**
   * Path of the construct that differs.
   * @default - that of the primitive
   */
  readonly path?: string;
}
