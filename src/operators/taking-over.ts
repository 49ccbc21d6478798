import type { k8s } from 'cdk8s-plus-27';
import type { Construct, IConstruct } from 'constructs';
import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import type { Primitive } from '../model/primitive';
import { Secret } from '../model/secret';
import type { Volume } from '../model/volume';
import type { Workload } from '../model/workload';
import { shortHash } from '../private/hash';
import type { Deviation } from '../targets/fidelity';
import type { Plain } from '../targets/kubernetes/plain';
import type { Caller, IProviderContext, Provision } from '../targets/kubernetes/provider';

/**
 * Labels of all resources. They never say which application a resource is part of. Operators would give that label to their own pods, which
 * the application's policy would then close.
 */
export const LABELS = { 'app.kubernetes.io/managed-by': 'cdk8s-conduit' };

/** What Pod Security *restricted* asks of a pod. */
export const RESTRICTED_POD: Plain<k8s.PodSecurityContext> = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
/** What it asks of a container. */
export const RESTRICTED_CONTAINER: Plain<k8s.SecurityContext> = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A broker that runs in workloads of the application's own. */
export type Own<Broker> = Broker & { readonly workload: Workload; readonly storage: Volume };

/** @throws if the broker is external. */
export function requireOwn<Broker extends Construct & { readonly workload?: Workload }>(broker: Broker): Own<Broker> {
  if (!broker.workload) throw new Error(`${broker.node.path}: an external broker cannot be handed over to an operator; leave out one of them`);
  return broker as Own<Broker>;
}

/** @throws if the broker is handed over in the chart of another application. */
export function requireSameApplication({ node }: Construct, { application }: Primitive): void {
  if (node.root !== application) throw new Error(`${node.path}: its operator was given to the chart of '${application.name}', to which the broker does not belong; give it to the chart of its own`);
}

/** What a broker made for itself, except certificates, is the operator's; undefined for anything else. */
export function provideOwn(broker: Construct, primitive: Primitive): Provision | undefined {
  const kept = primitive instanceof Secret && primitive.hosts !== undefined;
  return !kept && primitive.node.scopes.includes(broker) ? { manifests: [], deviations: [DEVIATIONS.operated] } : undefined;
}

/** What a program gave to a workload beside what the broker did, which is refused. */
export function additionsTo(broker: Construct, { main, containers, connections, tasks }: Workload, passwords: Secret[] = []): Deviation[] {
  const own = (each?: IConstruct) => each !== undefined && each.node.scopes.includes(broker);
  const told = connections.flatMap(({ endpoint }) => [endpoint.host, `${endpoint.port}`, endpoint.url]);
  const asMade = containers.length === 1 && tasks.length === 0 && connections.every(({ endpoint }) => own(endpoint.workload))
    && Object.values(main.env).every(({ text }) => text !== undefined && told.includes(text)) && main.mounts.every(({ volume }) => own(volume))
    && main.configFiles.every(own) && main.secrets.every(secret => own(secret) || passwords.includes(secret));
  return asMade ? [] : [DEVIATIONS.additions];
}

/** A name from which the operator makes one that is too long to be a label is refused. */
export function longNames(longest: string): Deviation[] {
  return longest.length > 63 ? [DEVIATIONS.longName] : [];
}

/** Name of a resource for something that a broker has under any name. */
export function resourceName(broker: Workload, name: string): string {
  const whole = `${broker.name}.${name}`;
  if (whole.length <= 200 && whole.split('.').every(label => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))) return whole;
  const readable = whole.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 180).replace(/-+$/, '');
  return `${readable}-${shortHash(whole)}`;
}

/** An operator that connects to ports of a broker, from wherever in its namespace it runs. */
export function callersFrom(namespaceName: string, workload: Workload, ports: number[]): Caller[] {
  return ports.map(port => ({ workload, port, namespaceName }));
}

/** Keeps members on different nodes as far as these go round. */
export function spread(labels: Record<string, string>): Plain<k8s.TopologySpreadConstraint>[] {
  return [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } }];
}

/** References to Secrets with credentials for registries. */
export function pullSecrets({ imagePullSecrets }: IProviderContext): { name: string }[] | undefined {
  return imagePullSecrets.length > 0 ? imagePullSecrets.map(name => ({ name })) : undefined;
}
