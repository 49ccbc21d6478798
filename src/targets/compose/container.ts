import { configName, renderConfig } from './config';
import { ASK_HTTP, CHECK_HTTP, CHECK_TCP, OWN_ADDRESS } from './programs.generated';
import { secretVariable } from '../secret-variable';
import type { Healthcheck, Service } from './specification.generated';
import { Container, ContainerRole } from '../../model/container';
import { EnvValue, PlatformValue } from '../../model/env-value';
import { HealthCheck, HealthCheckKind } from '../../model/health-check';
import type { ResolvedResources } from '../../model/resources';
import { Volume } from '../../model/volume';
import { program } from '../../private/program';

/** Where the static busybox is mounted that makes health checks. */
export const TOOLS_PATH = '/conduit';

/** Most processes and threads of a container: more than servers start, and less than what stops a machine. */
const MOST_PROCESSES = 4096;

/** What every container of ours is denied, also a log that fills the disk. */
export const HARDENING = {
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  init: true,
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
} satisfies Service;

/**
 * The part of a service that follows from the container alone.
 * @param proxySources addresses of what tells it by PROXY protocol who clients are
 */
export function lowerContainer(container: Container, proxySources: string[]): Service {
  const env = Object.entries(container.env);
  const environment: Record<string, string> = Object.create(null);
  for (const [name, value] of env) environment[name] = lowerValue(value, proxySources);
  return {
    image: container.image,
    entrypoint: container.command?.map(escape),
    command: container.args?.map(escape),
    environment: env.length > 0 ? environment : undefined,
    user: container.privileges ? '0:0' : `${container.uid}:${container.gid}`,
    group_add: container.mounts.length > 0 ? [String(Volume.GID)] : undefined,
    ...HARDENING,
    cap_add: container.privileges?.capabilities,
    tmpfs: container.writablePaths.length === 0 ? undefined : container.writablePaths.map(path => lowerWritable(path, container, container.resources)),
    secrets: container.secrets.length > 0 ? container.secrets.map(secret => secret.name) : undefined,
    configs: container.configFiles.length === 0 ? undefined : container.configFiles
      .map(file => ({ source: configName(file.name, renderConfig(file)), target: file.path })),
    healthcheck: container.role === ContainerRole.INIT ? undefined : container.health && lowerHealth(container.health),
    stop_signal: container.stopSignal,
    ...lowerResources(container.resources),
  };
}

/** A directory in memory that belongs to who writes there. */
export function lowerWritable(path: string, { uid, gid }: { uid: number; gid: number }, { diskLimit }: ResolvedResources): string {
  return `${path}:uid=${uid},gid=${gid},mode=0770,size=${diskLimit}m,exec`;
}

/** Microseconds for which processors are shared out at a time. */
const CPU_PERIOD = 100_000;

/** Limits and reservations. Processors are limited by their time: a limit by number is refused on a machine that has fewer. */
export function lowerResources(resources: ResolvedResources): Service {
  return {
    ...resources.cpuLimit === undefined ? {} : { cpu_period: CPU_PERIOD, cpu_quota: Math.round(resources.cpuLimit * CPU_PERIOD) },
    deploy: {
      resources: {
        limits: { memory: `${resources.memoryLimit}M`, pids: MOST_PROCESSES },
        reservations: { cpus: String(resources.cpuRequest), memory: `${resources.memoryRequest}M` },
      },
    },
  };
}

/** Whether the container's health is checked with the mounted busybox. */
export function needsTools(container: Container): boolean {
  return container.role !== ContainerRole.INIT && container.health !== undefined && container.health.kind !== HealthCheckKind.COMMAND;
}

function lowerHealth(health: HealthCheck): Healthcheck {
  return lowerCheck(health, health.kind === HealthCheckKind.COMMAND ? health.words : lentShell(checkProgram(health)));
}

/** Words that run a program with the mounted busybox. */
export function lentShell(text: string): string[] {
  return [`${TOOLS_PATH}/busybox`, 'sh', '-c', text];
}

/** A check by a command, at the times of another one. */
export function lowerCheck(health: HealthCheck, test: string[]): Healthcheck {
  const seconds = health.timeout.toSeconds();
  return {
    test: ['CMD', ...test.map(escape)],
    interval: `${health.interval.toSeconds()}s`,
    timeout: `${seconds}s`,
    retries: health.failureThreshold,
    start_period: `${health.startPeriod.toSeconds()}s`,
    start_interval: '500ms',
  };
}

/** The program that makes an HTTP or TCP check from inside the container. */
function checkProgram(health: HealthCheck): string {
  const variables = { PORT: health.port, TIMEOUT: health.timeout.toSeconds() };
  if (health.kind === HealthCheckKind.TCP) return program(variables, OWN_ADDRESS, CHECK_TCP);
  const { Host = '', ...headers } = canonicalHeaders(health.headers);
  const lines = Object.entries({ 'User-Agent': 'kube-probe/1.34', 'Accept': '*/*', ...headers }).filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}\r\n`);
  const request = { SCHEME: health.tls ? 'https' : 'http', REQUEST: health.path, HOST: Host, HEADERS: lines.join('') };
  return program({ ...variables, ...request, ASK: ASK_HTTP }, OWN_ADDRESS, CHECK_HTTP);
}

/** Names as the kubelet sends them, whatever the letters in which they are given. */
function canonicalHeaders(headers: Record<string, string>): Record<string, string> {
  const canonical = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, start => start.toUpperCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [canonical(name), value]));
}

function lowerValue(value: EnvValue, proxySources: string[]): string {
  const plain = ({ platformValue, text = '' }: EnvValue) => platformValue === PlatformValue.PROXY_PROTOCOL_SOURCES ? proxySources.join(' ') : escape(text);
  return value.parts.map(part => part.secretValue // names have no suffix here
    ? `\${${secretVariable(part.secretValue.name)}?run 'cdk8s-conduit secrets' for this directory}` : plain(part)).join('');
}

/** Compose takes a single dollar for the beginning of a variable. */
export function escape(text: string): string {
  return text.replace(/\$/g, '$$$$');
}
