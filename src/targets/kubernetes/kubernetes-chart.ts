import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Application } from '../../model/application';
import { ExposedPort } from '../exposed';
import { FidelityEntry } from '../fidelity';
import { KubernetesLowering } from './lowering';
import type { BrokerOperator } from './operator';
import type { PortPublishing } from './publishing';

/** A store of the External Secrets Operator. */
export interface SecretStoreReference {
  /** Name of the store. */
  readonly name: string;
  /**
   * Whether it is a ClusterSecretStore.
   * @default false
   */
  readonly clusterWide?: boolean;
}

/** Options of a Kubernetes chart. */
export interface KubernetesChartProps {
  /** The application to turn into Kubernetes objects. It cannot change afterwards. */
  readonly application: Application;
  /**
   * Namespace of all objects.
   * @default - none, objects go where they are applied
   */
  readonly namespace?: string;
  /**
   * Oldest version of Kubernetes that the manifests must run on, such as 1.29; newer ones allow native sidecars (1.29)
   * and pauses that need nothing of an image (1.30).
   * @default '1.27'
   */
  readonly kubernetesVersion?: string;
  /**
   * Store from which the External Secrets Operator fills the application's Secrets: for each an entry of its name, with its key as property.
   * @default - none, Secrets of these names exist
   */
  readonly secretStore?: SecretStoreReference;
  /**
   * Secrets with credentials for the registries that images come from.
   * @default - none
   */
  readonly imagePullSecrets?: string[];
  /**
   * Address or name of the cluster's DNS server, for config files that ask for it.
   * @default - kube-dns.kube-system.svc.<clusterDomain>
   */
  readonly dnsResolver?: string;
  /**
   * The cluster's DNS domain.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * Operators of the cluster that brokers are handed over to, one for each of these brokers.
   * @default - none, the manifests run all brokers themselves
   */
  readonly operators?: BrokerOperator[];
  /**
   * Namespace in which KEDA runs; from there it reads the backlogs that replicas follow.
   * @see https://keda.sh
   * @default 'keda'
   */
  readonly kedaNamespace?: string;
  /**
   * What leads clients outside the cluster to published ports.
   * @default PortPublishing.LOAD_BALANCER
   */
  readonly portPublishing?: PortPublishing;
  /**
   * Whether load balancers come through ports of the nodes. Some need these; others leave no way round them without.
   * @default true
   */
  readonly loadBalancerNodePorts?: boolean;
}

/**
 * The application as Kubernetes objects: an ordinary cdk8s chart, in which other objects may stand as well.
 * @see https://cdk8s.io/docs/latest/basics/chart/
 */
export class KubernetesChart extends Chart {
  /** What Kubernetes does exactly, and what by other means, for each construct. */
  public readonly fidelity: FidelityEntry[];
  /** All ways in from outside the application, and where to look. */
  public readonly exposed: ExposedPort[];

  /** @throws if the application has problems, or asks for what Kubernetes cannot do. */
  public constructor(scope: Construct, id: string, props: KubernetesChartProps) {
    super(scope, id, { namespace: props.namespace });
    const lowering = new KubernetesLowering(props.application, props);
    props.application.lower(lowering);
    for (const manifest of lowering.finish()) new ApiObject(this, objectId(manifest.kind, manifest.metadata.name), manifest);
    this.fidelity = lowering.fidelity.entries;
    this.exposed = lowering.fidelity.exposed;
  }

  /**
   * The object of that kind and name, for a JSON patch for instance.
   * @throws if there is none; the message lists the names that there are.
   */
  public findObject(kind: string, name: string): ApiObject {
    const found = this.node.tryFindChild(objectId(kind, name));
    if (found) return found as ApiObject;
    const names = this.apiObjects.filter(object => object.kind === kind).map(object => `'${object.name}'`).join(', ');
    throw new Error(`${this.node.path}: has no ${kind} '${name}'; it has ${names || 'none at all'}`);
  }
}

function objectId(kind: string, name: string): string {
  return `${kind}-${name}`;
}
