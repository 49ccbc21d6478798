import { configName } from './config';
import { secretVariable } from './secret-variable';
import type { Healthcheck, Service } from './specification.generated';
import { Container, ContainerRole } from '../../model/container';
import type { EnvValue } from '../../model/env-value';
import { HealthCheck, HealthCheckKind } from '../../model/health-check';
import type { ResolvedResources } from '../../model/resources';
import { Volume } from '../../model/volume';

/** Where the static busybox is mounted that makes health checks. */
export const TOOLS_PATH = '/conduit';

/** Repeats a check until it succeeds or its time is up. So success is seen at once, and the engine starts few processes. */
const REPEATED = 'until "$@"; do /conduit/busybox sleep 0.1; done';

/** What every container of ours is denied. */
export const HARDENING = {
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  init: true,
} satisfies Service;

/** The part of a service that follows from the container alone. */
export function lowerContainer(container: Container): Service {
  const env = Object.entries(container.env);
  const environment: Record<string, string> = Object.create(null);
  for (const [name, value] of env) environment[name] = lowerValue(value);
  return {
    image: container.image,
    entrypoint: container.command?.map(escape),
    command: container.args?.map(escape),
    environment: env.length > 0 ? environment : undefined,
    user: `${container.user}:${container.group}`,
    group_add: container.mounts.length > 0 ? [String(Volume.GROUP)] : undefined,
    ...HARDENING,
    tmpfs: container.writablePaths.length === 0 ? undefined : container.writablePaths.map(path =>
      `${path}:uid=${container.user},gid=${container.group},mode=0770,size=${container.resources.diskLimit}m,exec`),
    secrets: container.secrets.length > 0 ? container.secrets.map(secret => secret.name) : undefined,
    configs: container.configFiles.length === 0 ? undefined : container.configFiles.map(file => ({ source: configName(file), target: file.path })),
    healthcheck: container.role === ContainerRole.INIT ? undefined : container.health && lowerHealth(container.health),
    stop_signal: container.stopSignal,
    deploy: { resources: lowerResources(container.resources) },
  };
}

/** Limits and reservations. */
export function lowerResources(resources: ResolvedResources) {
  return {
    limits: { cpus: String(resources.cpuLimit), memory: `${resources.memoryLimit}M` },
    reservations: { cpus: String(resources.cpuRequest), memory: `${resources.memoryRequest}M` },
  };
}

/** Whether the container's health is checked with the mounted busybox. */
export function needsTools(container: Container): boolean {
  return container.role !== ContainerRole.INIT && container.health !== undefined && container.health.kind !== HealthCheckKind.COMMAND;
}

function lowerHealth(health: HealthCheck): Healthcheck {
  const seconds = health.timeout.toSeconds();
  const busybox = `${TOOLS_PATH}/busybox`;
  const repeated = [busybox, 'sh', '-c', REPEATED, 'check', busybox];
  const test =
    health.kind === HealthCheckKind.COMMAND ? health.words :
      health.kind === HealthCheckKind.HTTP ? [...repeated, 'wget', '-q', '-T', `${seconds}`, '-O', '/dev/null', `http://127.0.0.1:${health.port}${health.path}`] :
        [...repeated, 'nc', '-z', '-w', `${seconds}`, '127.0.0.1', `${health.port}`];
  return {
    test: ['CMD', ...test.map(escape)],
    interval: `${health.interval.toSeconds()}s`,
    timeout: `${seconds}s`,
    retries: health.failureThreshold,
    start_period: `${health.startPeriod.toSeconds()}s`,
    start_interval: '500ms',
  };
}

function lowerValue(value: EnvValue): string {
  if (!value.secretValue) return escape(value.text ?? '');
  return `\${${secretVariable(value.secretValue.name)}?run 'cdk8s-conduit secrets' for this directory}`;
}

/** Compose takes a single dollar for the beginning of a variable. */
export function escape(text: string): string {
  return text.replace(/\$/g, '$$$$');
}
