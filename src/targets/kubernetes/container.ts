import type { k8s } from 'cdk8s-plus-27';
import type { Plain, PlainContainer } from './plain';
import type { PodVolumes } from './pod-volumes';
import { Container, ContainerRole } from '../../model/container';
import { EnvValue, PlatformValue } from '../../model/env-value';
import { HealthCheck, HealthCheckKind } from '../../model/health-check';
import type { ResolvedResources } from '../../model/resources';
import { withRegistry } from '../../private/image-names';

/** Failures that are never reached: whoever gives up on a start kills the container. */
const NEVER = 2 ** 31 - 1;

/** Stands in a DNS suffix for a namespace that the chart was not told. */
export const OWN_NAMESPACE = '$(CONDUIT_NAMESPACE)';

/** Lowers one container; what it mounts is added to `volumes`. */
export function lowerContainer(container: Container, volumes: PodVolumes, dnsSuffix: string): PlainContainer {
  const env = Object.entries(container.env).flatMap(([name, value]) => lowerVariable(name, value, dnsSuffix));
  const mounts = volumes.mountsOf(container);
  const runsOn = container.role !== ContainerRole.INIT;
  return {
    name: container.name,
    image: withRegistry(container.image),
    imagePullPolicy: 'IfNotPresent',
    command: container.command?.map(escapeReferences),
    args: container.args?.map(escapeReferences),
    env: env.length > 0 ? env : undefined,
    ports: container.ports.length === 0 ? undefined : container.ports.map(port => ({
      name: port.name, containerPort: port.number, protocol: port.protocol ?? 'TCP',
    })),
    ...runsOn && container.health ? lowerProbes(container.health) : {},
    resources: lowerResources(container.resources),
    securityContext: securityContext(container.user, container.group),
    volumeMounts: mounts.length > 0 ? mounts : undefined,
  };
}

/** The security context of every container: what Pod Security *restricted* asks for, and a read-only root. */
export function securityContext(user: number, group: number): Plain<k8s.SecurityContext> {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: group,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    privileged: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** Requests and limits. */
export function lowerResources(resources: ResolvedResources): Plain<k8s.ResourceRequirements> {
  const cpu = (processors: number) => `${Math.max(1, Math.round(processors * 1000))}m`;
  return {
    requests: { 'cpu': cpu(resources.cpuRequest), 'memory': `${resources.memoryRequest}Mi`, 'ephemeral-storage': `${Math.min(16, resources.diskLimit)}Mi` },
    limits: { 'cpu': cpu(resources.cpuLimit), 'memory': `${resources.memoryLimit}Mi`, 'ephemeral-storage': `${resources.diskLimit}Mi` },
  };
}

/** The same check as a probe, made each second until it first succeeds: a container is ready when it can be, not an interval later. */
function lowerProbes(health: HealthCheck): Pick<Plain<k8s.Container>, 'startupProbe' | 'readinessProbe'> {
  const action =
    health.kind === HealthCheckKind.COMMAND ? { exec: { command: health.words.map(escapeReferences) } } :
      health.kind === HealthCheckKind.HTTP ? { httpGet: { port: health.port, path: health.path } } :
        { tcpSocket: { port: health.port } };
  const probe = { ...action, timeoutSeconds: health.timeout.toSeconds() };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: NEVER },
    readinessProbe: { ...probe, periodSeconds: health.interval.toSeconds(), failureThreshold: health.failureThreshold },
  };
}

function lowerVariable(name: string, { platformValue, secretValue, text = '' }: EnvValue, dnsSuffix: string): Plain<k8s.EnvVar>[] {
  if (secretValue) return [{ name, valueFrom: { secretKeyRef: { name: secretValue.bundle, key: secretValue.key } } }];
  if (platformValue === PlatformValue.PROXY_PROTOCOL_SOURCES) return [{ name, value: '' }]; // load balancers keep the clients' addresses
  if (!platformValue) return [{ name, value: escapeReferences(text) }];
  const suffix = { name, value: dnsSuffix };
  return dnsSuffix.includes(OWN_NAMESPACE) ? [{ name: 'CONDUIT_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }, suffix] : [suffix];
}

/**
 * Kubernetes expands `$(NAME)` in commands, arguments and values, and takes `$$` for a dollar; so a doubled dollar is one.
 * It splits the character that comes after a single dollar if that has more than one byte.
 */
export function escapeReferences(text: string): string {
  return text.replace(/\$+(?=[(\u0080-\uffff])|\${2,}/g, dollars => dollars + dollars);
}
