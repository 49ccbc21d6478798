import { ASK_HTTP, CHECK_HTTP, CHECK_TCP, OWN_ADDRESS } from './programs.generated';
import { Container, ContainerRole } from '../model/container';
import { HealthCheck, HealthCheckKind } from '../model/health-check';
import { program } from '../private/program';

/** Where the static busybox is mounted that makes health checks. */
export const TOOLS_PATH = '/conduit';

/** A health check in a file of services. */
export interface CheckEntry {
  test: string[];
  interval: string;
  timeout: string;
  retries: number;
  start_period: string;
  start_interval: string;
}

/** Whether the container's health is checked with the mounted busybox. */
export function needsTools(container: Container): boolean {
  return container.role !== ContainerRole.INIT && container.health !== undefined && container.health.kind !== HealthCheckKind.COMMAND;
}

/** How the engine makes a check. */
export function lowerHealth(health: HealthCheck): CheckEntry {
  return lowerCheck(health, health.kind === HealthCheckKind.COMMAND ? health.words : lentShell(checkProgram(health)));
}

/** Words that run a program with the mounted busybox. */
export function lentShell(text: string): string[] {
  return [`${TOOLS_PATH}/busybox`, 'sh', '-c', text];
}

/** A check by a command, at the times of another one. */
export function lowerCheck(health: HealthCheck, test: string[]): CheckEntry {
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

/** Who reads a file of services takes a single dollar for the beginning of a variable. */
export function escape(text: string): string {
  return text.replace(/\$/g, '$$$$');
}
