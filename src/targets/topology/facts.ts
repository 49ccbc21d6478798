import { Size, SizeRoundingBehavior } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ConfigFile } from '../../model/config-file';
import type { LoadBalancer } from '../../model/load-balancer';
import type { Network } from '../../model/network';
import { Primitive } from '../../model/primitive';
import type { Scaling } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import { Volume, VolumePlacement } from '../../model/volume';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { byText } from '../../private/names';

/** A construct, as a list shows it. */
export interface Fact {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly details: readonly string[];
}

export function factOf({ node: { path }, name }: Primitive, kind: string, details: readonly string[]): Fact {
  return { path, kind, name, details: details.filter(detail => detail !== '') };
}

/** What is in the box of a workload or task, beside its name. */
export function captionsOf(workload: WorkloadBase, facts: (string | undefined)[]): string[] {
  const own = new Set(workload.containers.flatMap(({ mounts }) => mounts).map(({ volume }) => volume).filter(volume => !isShared(volume)));
  const running = workload.runningContainers;
  return [
    facts.filter(fact => fact !== undefined).join(' · '),
    running.length > 1 ? `${running.map(({ name }) => name).join(' + ')}, sharing localhost` : '',
    ...[...own].map(({ name, placement }) => `${placement === VolumePlacement.SCRATCH ? 'scratch' : 'storage'}: ${name}`).sort(byText),
  ].filter(caption => caption !== '');
}

export function detailsOfRunning(workload: WorkloadBase): string[] {
  return [
    ...workload.containers.map(({ name, role, image }) => `${name === role ? role : `${role} ${name}`}: ${image}`),
    list('ports', workload.ports.map(({ name, number, protocol = 'TCP' }) => `${name} ${number}/${protocol}`)),
    list('config files', [...new Set(workload.containers.flatMap(({ configFiles }) => configFiles).map(({ name }) => name))].sort(byText)),
    list('secrets', [...new Set(workload.containers.flatMap(({ secrets }) => secrets).map(({ name }) => name))].sort(byText)),
    list('starts after', workload.startsAfter.map(({ name }) => name).sort(byText)),
  ];
}

export function detailsOfVolume({ size, placement, mounts }: Volume): string[] {
  return [describeSize(size), placement.toString(), ...mounts.map(({ container, path, readOnly }) => `${container.path} ${readOnly ? 'reads' : 'writes'} ${path}`)];
}

export function detailsOfFile({ path }: ConfigFile): string[] {
  return [path];
}

export function detailsOfSecret({ bundle, key, path }: Secret): string[] {
  return [`key ${key} of ${bundle}`, path];
}

export function detailsOfScaling({ min, max, sources }: Scaling): string[] {
  return [`${min} to ${max} replicas`, ...sources.map(({ targetBacklog, endpoint, backlog }) => `${targetBacklog} waiting for each, read from ${endpoint.address} by ${backlog.protocol}`)];
}

export function detailsOfNetwork({ members }: Network): string[] {
  return [list('members', members.map(({ name }) => name))];
}

export function detailsOfBalancer({ exposure, ports }: LoadBalancer): string[] {
  return [exposure.description, ...ports.map(({ hostPort, endpoint: { workload, port, protocol } }) => `${hostPort}/${protocol} to ${workload!.name}:${port}`)];
}

/** How many replicas there are, where that is not one. */
export function describeReplicas({ replicas, stable, scaling }: Workload): string | undefined {
  if (scaling) return `${scaling.min}–${scaling.max} replicas`;
  if (stable) return replicas === 1 ? '1 member' : `${replicas} members`;
  return replicas === 1 ? undefined : `${replicas} replicas`;
}

/** Class of the pattern that something is the main part of, or the pattern that it is another part of. */
export function describeRole(construct: IConstruct): string | undefined {
  const { id, scope } = construct.node;
  if (id === 'Default') return describeRole(scope!);
  if (scope?.node.tryFindChild('Default')) return `part of ${scope.node.id}`;
  return construct instanceof Primitive ? undefined : construct.constructor.name;
}

export function describeSize(size: Size): string {
  const mebibytes = size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024} GiB` : `${mebibytes} MiB`;
}

/** Whether several workloads use the storage. */
export function isShared({ mounts }: Volume): boolean {
  return new Set(mounts.map(({ container }) => container.workload)).size > 1;
}

function list(what: string, names: readonly string[]): string {
  return names.length > 0 ? `${what}: ${names.join(', ')}` : '';
}
