import type { k8s } from 'cdk8s-plus-27';
import type { Construct, IConstruct } from 'constructs';
import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { Primitive } from '../model/primitive';
import { Secret } from '../model/secret';
import type { Workload } from '../model/workload';
import { shortHash } from '../private/hash';
import type { Takeover } from '../targets/kubernetes/operator';
import type { Plain } from '../targets/kubernetes/plain';

/**
 * Labels of all resources. They never say which application a resource is part of: operators hand that label on to pods of their own,
 * which the application's policy would close.
 */
export const LABELS = { 'app.kubernetes.io/managed-by': 'cdk8s-conduit' };

/** What Pod Security *restricted* asks of a pod. */
export const RESTRICTED_POD: Plain<k8s.PodSecurityContext> = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
/** What it asks of a container. */
export const RESTRICTED_CONTAINER: Plain<k8s.SecurityContext> = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A broker that runs in workloads of the application's own. */
export type Own<Broker> = Broker & { readonly workload: Workload };

/** @throws if the broker runs elsewhere. */
export function requireOwn<Broker extends Construct & { readonly workload?: Workload }>(broker: Broker): Own<Broker> {
  if (!broker.workload) throw new Error(`${broker.node.path}: a broker that runs elsewhere cannot be handed over to an operator; leave out one of them`);
  return broker as Own<Broker>;
}

/** Takes all that a broker made for itself, except certificates and what is kept. */
export function takeOwn(broker: Construct, takeover: Takeover, kept: IConstruct[] = []): void {
  const own = broker.node.findAll().filter((each): each is Primitive => each instanceof Primitive)
    .filter(each => !kept.includes(each) && !(each instanceof Secret && each.hosts !== undefined));
  for (const each of own) {
    takeover.taken.add(each);
    takeover.fidelity.deviate(each.node.path, DEVIATIONS.operated);
  }
}

/** Refuses what a program gave to a workload beside what the broker did. */
export function refuseAdditions(broker: Construct, { node, main, containers, connections, tasks }: Workload, passwords: Secret[], takeover: Takeover): void {
  const own = (each?: IConstruct) => each !== undefined && each.node.scopes.includes(broker);
  const asMade = containers.length === 1 && tasks.length === 0 && Object.keys(main.env).every(name => name.startsWith('CONTROLLERS_'))
    && connections.every(({ endpoint }) => own(endpoint.workload)) && main.mounts.every(({ volume }) => own(volume)) && main.configFiles.every(own)
    && main.secrets.every(secret => own(secret) || passwords.includes(secret));
  if (!asMade) takeover.fidelity.deviate(node.path, DEVIATIONS.additions);
}

/** Refuses a name from which the operator makes one that is too long to be a label. */
export function refuseLongName({ node }: Workload, longest: string, takeover: Takeover): void {
  if (longest.length > 63) takeover.fidelity.deviate(node.path, DEVIATIONS.longName);
}

/** Name of a resource for something that a broker has under any name. */
export function resourceName(broker: Workload, name: string): string {
  const whole = `${broker.name}.${name}`;
  if (whole.length <= 200 && whole.split('.').every(label => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))) return whole;
  const readable = whole.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 180).replace(/-+$/, '');
  return `${readable}-${shortHash(whole)}`;
}

/** Ports of a broker that its operator needs, from wherever in its namespace it runs. */
export function fromNamespace(namespace: string, ports: number[]): Plain<k8s.NetworkPolicyIngressRule> {
  return {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }],
    ports: ports.map(port => ({ port, protocol: 'TCP' })),
  };
}

/** Keeps members on different nodes as far as these go round. */
export function spread(labels: Record<string, string>): Plain<k8s.TopologySpreadConstraint>[] {
  return [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } }];
}

/** References to Secrets with credentials for registries. */
export function pullSecrets({ imagePullSecrets }: Takeover): { name: string }[] | undefined {
  return imagePullSecrets.length > 0 ? imagePullSecrets.map(name => ({ name })) : undefined;
}
