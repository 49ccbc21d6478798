import type { Builds } from './builds';
import { HARDENING, lowerContainer, lowerResources } from './container';
import type { HostPorts } from './host-ports';
import type { Networks } from './networks';
import type { Service } from './specification.generated';
import { hasOwner, serviceName, Unit, unitsOf } from './units';
import { SETUP_SERVICE, Volumes } from './volumes';
import { Container, ContainerRole } from '../../model/container';
import type { CatalogueImage } from '../../model/images';
import { Task } from '../../model/task';
import { RestartPolicy, Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';
import { needsTools } from '../health';
import { TOOLS_IMAGE } from '../tools';

type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';
type DependsOn = Record<string, { condition: Condition; restart?: boolean }>;

/** What lowering a service needs to know of its project. */
export interface ProjectContext {
  readonly networks: Networks;
  readonly hostPorts: HostPorts;
  readonly volumes: Volumes;
  readonly builds: Builds;
}

/** Service that says that tasks end, and runs nothing. */
const TASKS_SERVICE = 'conduit-tasks';

/**
 * Tells Compose which services are done when they end: `up --wait` takes the end of another one for a failure.
 * Nothing runs of it, so nothing waits for the tasks that nobody needs.
 */
export function lowerTasksEnd(tasks: Task[], image: CatalogueImage): [string, Service][] {
  const ends = tasks.flatMap(readiness).sort(([a], [b]) => byText(a, b));
  return ends.length === 0 ? [] : [[TASKS_SERVICE, { image: image.reference, network_mode: 'none', deploy: { replicas: 0 }, depends_on: Object.fromEntries(ends) }]];
}

/** All services of a workload or task, by name. */
export function lowerServices(workload: WorkloadBase, context: ProjectContext): [string, Service][] {
  return unitsOf(workload).flatMap(unit => [
    ...(hasOwner(workload) ? [lowerOwner(unit, context)] : []),
    ...workload.containers.map(container => lowerService(unit, container, context)),
  ]);
}

/** The service that holds the address of several containers. It does nothing, so that nothing makes it stop. */
function lowerOwner(unit: Unit, context: ProjectContext): [string, Service] {
  const tools = unit.workload.application.images.resolve(TOOLS_IMAGE);
  return [unit.service, {
    image: tools.reference,
    entrypoint: ['sleep', 'infinity'],
    user: `${tools.uid}:${tools.gid}`,
    ...HARDENING,
    ...networking(unit, context),
    restart: 'always',
    stop_grace_period: '1s',
    ...lowerResources({ cpuRequest: 0.01, cpuLimit: 0.1, memoryRequest: 8, memoryLimit: 16, diskLimit: 16 }),
  }];
}

function lowerService(unit: Unit, container: Container, context: ProjectContext): [string, Service] {
  const { workload } = unit;
  const init = container.role === ContainerRole.INIT;
  const service = lowerContainer(container, context.networks.proxySourcesOf(workload));
  const volumes = context.volumes.mountsOf(container, unit, needsTools(container));
  return [serviceName(unit, container), {
    ...service,
    ...context.builds.entriesOf(container),
    volumes: volumes.length > 0 ? volumes : undefined,
    ...(init ? initNetworking(container, context) : hasOwner(workload) ? { network_mode: `service:${unit.service}` } : networking(unit, context)),
    depends_on: dependencies(unit, container, context, volumes.length > 0),
    restart: init ? 'no' : restartOf(workload),
    stop_grace_period: workload instanceof Workload ? `${workload.stopGracePeriod.toSeconds()}s` : undefined,
    deploy: { ...service.deploy, replicas: !init && unit.replicas > 1 ? unit.replicas : undefined },
  }];
}

/** No server that the engine knows outside, as a name is a way out, too; inner names are the engine's own. */
export const NO_OUTER_NAMES = ['127.0.0.1'];

function networking(unit: Unit, { networks, hostPorts }: ProjectContext): Service {
  const { workload, hostname } = unit;
  const membership = networks.membership(workload, unit.aliases);
  if (!membership) return { hostname, network_mode: 'none' };
  return { hostname, networks: membership, ports: hostPorts.portsOf(unit), dns: networks.endsAtHost(workload) ? NO_OUTER_NAMES : undefined };
}

/** An init container gets only the networks that its own connections need. */
function initNetworking(container: Container, { networks }: ProjectContext): Service {
  const membership = networks.membershipOf(container);
  return membership ? { networks: membership } : { network_mode: 'none' };
}

function restartOf(workload: WorkloadBase): string {
  if (workload instanceof Task) return workload.retries > 0 ? `on-failure:${workload.retries}` : 'no';
  return workload instanceof Workload && workload.restart === RestartPolicy.ON_FAILURE ? 'on-failure' : 'unless-stopped';
}

/** What must have started, be healthy or have ended before a container of a unit starts. */
function dependencies(unit: Unit, container: Container, { builds }: ProjectContext, mountsVolumes: boolean): DependsOn | undefined {
  const { workload } = unit;
  const found: [string, DependsOn[string]][] = [];
  const builder = builds.builderOf(container.image);
  if (builder !== undefined) found.push([builder, { condition: 'service_started' }]);
  if (mountsVolumes) found.push([SETUP_SERVICE, { condition: 'service_started' }]);
  if (hasOwner(workload) && container.role !== ContainerRole.INIT) found.push([unit.service, { condition: 'service_started', restart: true }]);
  for (const earlier of startingBefore(container)) {
    found.push([serviceName(unit, earlier), { condition: earlier.role === ContainerRole.INIT ? 'service_completed_successfully' : started(earlier) }]);
  }
  for (const other of workload.startsAfter) found.push(...readiness(other));
  if (found.length === 0) return undefined;
  const sorted: DependsOn = Object.create(null);
  for (const [name, dependency] of found.sort(([a], [b]) => byText(a, b))) sorted[name] = dependency;
  return sorted;
}

/** Init containers come one after another, then sidecars, then the main container, then companions. */
function startingBefore(container: Container): Container[] {
  const { containers } = container.workload;
  const before = containers.slice(0, containers.indexOf(container));
  switch (container.role) {
    case ContainerRole.INIT: return before;
    case ContainerRole.COMPANION: return before.filter(({ role }) => role === ContainerRole.INIT || role === ContainerRole.MAIN);
    default: return before.filter(({ role }) => role === ContainerRole.INIT || role !== container.role);
  }
}

/** When another workload counts as ready: each of its containers healthy, or its task done. */
function readiness(other: WorkloadBase): [string, DependsOn[string]][] {
  const task = other instanceof Task;
  return unitsOf(other).flatMap(unit => other.runningContainers.map((container): [string, DependsOn[string]] =>
    [serviceName(unit, container), { condition: task ? 'service_completed_successfully' : started(container) }]));
}

function started(container: Container): Condition {
  return container.health ? 'service_healthy' : 'service_started';
}
