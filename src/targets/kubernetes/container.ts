import type { k8s } from 'cdk8s-plus-27';
import type { Plain, PlainContainer } from './plain';
import type { PodVolumes } from './pod-volumes';
import { processorQuantity, sizeQuantity } from './quantities';
import { Container, ContainerRole } from '../../model/container';
import { EnvValue, PlatformValue } from '../../model/env-value';
import { HealthCheck, HealthCheckKind } from '../../model/health-check';
import type { Privileges } from '../../model/privileges';
import type { ResolvedResources } from '../../model/resources';
import type { Secret } from '../../model/secret';
import { withRegistry } from '../../private/image-names';
import { secretVariable } from '../secret-variable';

/** Failures that are never reached: whoever gives up on a start kills the container. */
const NEVER = 2 ** 31 - 1;

/** Stands in a DNS suffix for a namespace that the chart was not told. */
export const OWN_NAMESPACE = '$(CONDUIT_NAMESPACE)';

/** A main container has its workload's name, unless another one has it: by this, logs and metrics of several workloads can be told apart. */
export function containerName({ role, name, workload }: Container): string {
  return role === ContainerRole.MAIN && workload.containers.every(other => other.name !== workload.name) ? workload.name : name;
}

/** Lowers one container; what it mounts is added to `volumes`. */
export function lowerContainer(container: Container, volumes: PodVolumes, dnsSuffix: string): PlainContainer {
  const env = lowerVariables(container.env, dnsSuffix);
  const mounts = volumes.mountsOf(container);
  const runsOn = container.role !== ContainerRole.INIT;
  return {
    name: containerName(container),
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
    securityContext: container.privileges ? privilegedContext(container.privileges) : securityContext(container.uid, container.gid),
    volumeMounts: mounts.length > 0 ? mounts : undefined,
  };
}

/** The security context of every container: what Pod Security *restricted* asks for, and a read-only root. */
export function securityContext(uid: number, gid: number): Plain<k8s.SecurityContext> {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    privileged: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** The same for a program that starts as root: what Pod Security *baseline* asks for. */
function privilegedContext({ capabilities }: Privileges): Plain<k8s.SecurityContext> {
  return { ...securityContext(0, 0), runAsNonRoot: false, capabilities: { drop: ['ALL'], add: capabilities } };
}

/** Requests and limits. */
export function lowerResources(resources: ResolvedResources): Plain<k8s.ResourceRequirements> {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit, diskLimit } = resources;
  return {
    requests: { 'cpu': processorQuantity(cpuRequest), 'memory': sizeQuantity(memoryRequest), 'ephemeral-storage': sizeQuantity(Math.min(16, diskLimit)) },
    limits: { ...cpuLimit === undefined ? {} : { cpu: processorQuantity(cpuLimit) }, 'memory': sizeQuantity(memoryLimit), 'ephemeral-storage': sizeQuantity(diskLimit) },
  };
}

/** The same check as a probe, made each second until it first succeeds: a container is ready when it can be, not an interval later. */
function lowerProbes(health: HealthCheck): Pick<Plain<k8s.Container>, 'startupProbe' | 'readinessProbe'> {
  const action =
    health.kind === HealthCheckKind.COMMAND ? { exec: { command: health.words.map(escapeReferences) } } :
      health.kind === HealthCheckKind.HTTP ? { httpGet: lowerRequest(health) } :
        { tcpSocket: { port: health.port } };
  const probe = { ...action, timeoutSeconds: health.timeout.toSeconds() };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: NEVER },
    readinessProbe: { ...probe, periodSeconds: health.interval.toSeconds(), failureThreshold: health.failureThreshold },
  };
}

function lowerRequest({ port, path, tls, headers }: HealthCheck): Plain<k8s.HttpGetAction> {
  const httpHeaders = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return { port, path, ...tls ? { scheme: 'HTTPS' } : {}, ...httpHeaders.length > 0 ? { httpHeaders } : {} } as Plain<k8s.HttpGetAction>;
}

/** Environment variables in the order of their names, after those that they refer to: a value can refer to what stands above it. */
export function lowerVariables(env: Record<string, EnvValue>, dnsSuffix: string): Plain<k8s.EnvVar>[] {
  const values = Object.entries(env);
  const joined = values.flatMap(([, { text, parts }]) => text === undefined && parts.length > 1 ? parts : []);
  const secrets = new Set(joined.flatMap(part => part.secretValue ?? []));
  const hasSuffix = values.some(([, { parts }]) => parts.some(part => part.platformValue === PlatformValue.DNS_SUFFIX));
  const needsNamespace = hasSuffix && dnsSuffix.includes(OWN_NAMESPACE);
  return [
    ...(needsNamespace ? [{ name: 'CONDUIT_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }] : []),
    ...[...secrets].map(secret => lowerSecretValue(secretVariable(secret.name), secret)),
    ...values.map(([name, value]) => lowerVariable(name, value, dnsSuffix)),
  ];
}

function lowerVariable(name: string, { text, parts }: EnvValue, dnsSuffix: string): Plain<k8s.EnvVar> {
  if (text !== undefined) return { name, value: escapeReferences(text) };
  const [{ secretValue }, ...more] = parts;
  if (secretValue && more.length === 0) return lowerSecretValue(name, secretValue);
  const texts = parts.map(part => part.secretValue ? '$(' + secretVariable(part.secretValue.name) + ')'
    : part.platformValue ? platformText(part.platformValue, dnsSuffix) : part.text!.replace(/\$/g, '$$$$'));
  return { name, value: texts.join('') };
}

/** Load balancers keep the clients' addresses, so that nothing tells them by PROXY protocol. */
function platformText(value: PlatformValue, dnsSuffix: string): string {
  return value === PlatformValue.DNS_SUFFIX ? dnsSuffix : '';
}

function lowerSecretValue(name: string, { bundle, key }: Secret): Plain<k8s.EnvVar> {
  return { name, valueFrom: { secretKeyRef: { name: bundle, key } } };
}

/**
 * Kubernetes expands `$(NAME)` in commands, arguments and values, and takes `$$` for a dollar; so a doubled dollar is one.
 * It splits the character that comes after a single dollar if that has more than one byte.
 */
export function escapeReferences(text: string): string {
  return text.replace(/\$+(?=[(\u0080-\uffff])|\${2,}/g, dollars => dollars + dollars);
}
