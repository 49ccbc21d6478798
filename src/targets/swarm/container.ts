import { hashedName, HASH_LENGTH } from './names';
import type { StackDeployment, StackMount, StackService } from './stack-file';
import type { ConfigFile } from '../../model/config-file';
import type { Container } from '../../model/container';
import type { EnvValue } from '../../model/env-value';
import type { ResolvedResources } from '../../model/resources';
import { Volume, VolumePlacement } from '../../model/volume';
import { shortHash } from '../../private/hash';
import { renderConfig } from '../config';
import { escape, lowerHealth } from '../health';

/** Most processes and threads of a container: more than servers start, and less than what stops a machine. */
const MOST_PROCESSES = 4096;

/** What every container of ours is denied, also a log that fills the disk. */
export const HARDENING = {
  read_only: true,
  cap_drop: ['ALL'],
  init: true,
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
};

/** Everyone may read a config. Of a secret the file belongs to the program, which alone may read it. */
const FOR_EVERYONE = 0o444;
const FOR_OWNER = 0o400;

/** The part of a service that follows from the container alone. */
export function lowerContainer(container: Container, stack: string, isChecked: boolean): Omit<StackService, 'networks' | 'deploy'> {
  const env = Object.entries(container.env);
  const { uid, health, privileges } = container;
  const gid = usesVolumes(container) ? Volume.GID : container.gid;
  return {
    image: container.image,
    entrypoint: container.command?.map(escape),
    command: container.args?.map(escape),
    environment: orNone(env.map(([name, value]) => [name, lowerValue(value)])),
    user: privileges ? '0:0' : `${uid}:${gid}`,
    ...HARDENING,
    cap_add: privileges?.capabilities,
    configs: someOf(container.configFiles.map(file => ({ source: configName(stack, file), target: file.path, mode: FOR_EVERYONE }))),
    secrets: someOf(container.secrets.map(({ name }) => ({ source: name, target: name, uid: `${uid}`, gid: `${gid}`, mode: FOR_OWNER }))),
    healthcheck: health && (isChecked ? lowerHealth(health) : { disable: true }),
    // memory has no name otherwise
    labels: orNone(container.mounts.filter(({ volume }) => !isKept(volume)).map(({ volume, path }) => [`conduit.memory.${volume.name}`, path])),
    stop_signal: container.stopSignal,
  };
}

/** Whether a container mounts storage that is more than memory of its own. */
export function usesVolumes(container: Container): boolean {
  return container.mounts.some(({ volume }) => isKept(volume));
}

/** Whether a volume is more than memory of its one user. */
export function isKept({ placement }: Volume): boolean {
  return placement !== VolumePlacement.SCRATCH;
}

/** A directory in memory. */
export function lowerMemory(target: string, mebibytes: number, readOnly = false): StackMount {
  return { type: 'tmpfs', target, read_only: readOnly || undefined, tmpfs: { size: mebibytes * 2 ** 20 } };
}

/** A new text is a new config, since one cannot change. */
export function configName(stack: string, file: ConfigFile): string {
  return hashedName(stack, file.name, shortHash(renderConfig(file), HASH_LENGTH));
}

/** Limits and reservations. */
export function lowerResources({ cpuLimit, cpuRequest, memoryLimit, memoryRequest }: ResolvedResources): StackDeployment['resources'] {
  return {
    limits: { cpus: cpuLimit === undefined ? undefined : String(cpuLimit), memory: `${memoryLimit}M`, pids: MOST_PROCESSES },
    reservations: { cpus: String(cpuRequest), memory: `${memoryRequest}M` },
  };
}

/** Names have no suffix here, and nothing stands in front of ports. In variables, Swarm fills in templates with doubled braces. */
function lowerValue(value: EnvValue): string {
  return escape(value.parts.map(({ text = '' }) => text).join('').replaceAll('{{', '{{"{{"}}'));
}

export function someOf<T>(entries: T[]): T[] | undefined {
  return entries.length > 0 ? entries : undefined;
}

export function orNone<T>(entries: [string, T][]): Record<string, T> | undefined {
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
