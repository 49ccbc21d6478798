import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Application } from '../../model/application';
import type { ExposedPort } from '../exposed';
import type { FidelityEntry } from '../fidelity';
import { tellOf } from '../notices';
import type { ITarget, TargetOutput } from '../target';
import { KUBERNETES, KUBERNETES_DEVIATIONS } from './deviations';
import type { DnsServers } from './dns-servers';
import { findCollisions } from './file-names';
import { chartLabels } from './labels';
import { KubernetesLowering } from './lowering';
import type { IProvider } from './provider';
import type { PortPublishing } from './publishing';
import { SinglePassApp } from './single-pass-app';
import { requireWritable } from './writable';
import { checkCall } from '../../private/check-call';

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

/** Options of a Kubernetes chart, except for the application. */
export interface KubernetesChartOptions {
  /**
   * Namespace of all objects.
   * @default - none, objects go where they are applied
   */
  readonly namespace?: string;
  /**
   * Oldest version of Kubernetes that the manifests must run on, from 1.27 on. Before 1.29, sidecars are plain containers. Before 1.30,
   * the pause at the end needs a program of the image.
   * @default '1.30'
   */
  readonly kubernetesVersion?: string;
  /**
   * Version of the application, as a label of every object. Pods have none, as otherwise each release would restart all of them, and run every task again.
   * @default - no such label
   */
  readonly applicationVersion?: string;
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
   * Where names are looked up, which each program that connects to something may do.
   * @default - the pods of kube-dns, or CoreDNS, in kube-system
   */
  readonly dnsServers?: DnsServers;
  /**
   * The cluster's DNS domain.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * Who makes primitives in the place of the chart, such as operators of the cluster; of several, the first that makes a primitive does.
   * @default - none, the chart makes everything itself
   */
  readonly providers?: IProvider[];
  /**
   * Names of workloads whose number of replicas somebody else sets, such as a HorizontalPodAutoscaler. Applying the manifest leaves it as it is.
   * @default - none, each has as many as its `replicas` says
   */
  readonly replicasSetByOthers?: string[];
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

/** Options of a Kubernetes chart. */
export interface KubernetesChartProps extends KubernetesChartOptions {
  /** The application to turn into Kubernetes objects. It cannot change afterwards. */
  readonly application: Application;
}

/**
 * The application as Kubernetes objects: an ordinary cdk8s chart, in which other objects may stand as well.
 * @see https://cdk8s.io/docs/latest/basics/chart/
 */
export class KubernetesChart extends Chart {
  /** Kubernetes as one of the targets, which writes one manifest for each application. */
  public static target(options: KubernetesChartOptions = {}): ITarget {
    checkCall(this, 'KubernetesChart.target', arguments);
    const deviations = Object.values(KUBERNETES_DEVIATIONS);
    return { name: KUBERNETES, runs: true, deviations, render: application => render(application, options) };
  }

  /** What Kubernetes does exactly, and what by other means, for each construct. */
  public readonly fidelity: FidelityEntry[];
  /** All ways in from outside the application, and where to look. */
  public readonly exposed: ExposedPort[];

  /** @throws if the application has problems, or asks for what Kubernetes cannot do. */
  public constructor(scope: Construct, id: string, props: KubernetesChartProps) {
    checkCall(new.target, 'KubernetesChart', arguments);
    super(requireNotInApplication(scope, id), id, { namespace: props.namespace, labels: chartLabels(props.application, props.applicationVersion) });
    // a refused chart stays below its App, which must not write it as if it were empty
    this.node.addValidation({ validate: () => this.fidelity ? [] : ['the chart was refused when it was made, so nothing can be written'] });
    const lowering = new KubernetesLowering(props.application, props);
    props.application.lower(lowering);
    const manifests = lowering.finish();
    const { root } = this.node;
    if (!(root instanceof SinglePassApp)) requireWritable(props.application.name, manifests);
    for (const manifest of manifests) new ApiObject(this, objectId(manifest.kind, manifest.metadata.name), manifest);
    this.fidelity = lowering.fidelity.entries;
    this.exposed = lowering.fidelity.exposed;
    this.node.addValidation({ validate: () => findCollisions(this) });
    // cdk8s calls nothing else of a chart when it writes
    if (!(root instanceof Rendering)) this.node.addValidation({ validate: () => tellOf(props.application, KUBERNETES, this.fidelity) });
  }

  /**
   * The object of that kind and name, for a JSON patch for instance.
   * @throws if there is none; the message lists the names that there are.
   */
  public findObject(kind: string, name: string): ApiObject {
    checkCall(this, 'KubernetesChart.findObject', arguments);
    const found = this.node.tryFindChild(objectId(kind, name));
    if (found) return found as ApiObject;
    const names = this.apiObjects.filter(object => object.kind === kind).map(object => `'${object.name}'`).join(', ');
    throw new Error(`${this.node.path}: has no ${kind} '${name}'; it has ${names || 'none at all'}`);
  }
}

/** The scope of a chart, once it is clear that cdk8s finds the chart there. */
function requireNotInApplication(scope: Construct, id: string): Construct {
  if (scope.node.root instanceof Application) {
    throw new Error(`${scope.node.path}/${id}: a chart stands under an App of cdk8s, and not under the Application that it is made of; write new KubernetesChart(new App(), '${id}', { application })`);
  }
  return scope;
}

function objectId(kind: string, name: string): string {
  return `${kind}-${name}`;
}

/** Holds a chart of which nothing is written. */
class Rendering extends SinglePassApp {}

function render(application: Application, options: KubernetesChartOptions): TargetOutput {
  const app = new Rendering();
  const { fidelity, exposed } = new KubernetesChart(app, application.name, { application, ...options });
  return { files: { [`${application.name}.k8s.yaml`]: app.synthYaml() }, fidelity, exposed };
}
