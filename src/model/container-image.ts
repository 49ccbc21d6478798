import type { Size } from 'cdk8s';
import type { Container } from './container';
import type { ContainerProps } from './container-props';
import type { ImageFacts } from './image-facts';
import type { VolumeMount } from './volume';
import { isWithin } from '../private/names';

/** What runs other words than the image's own is another program, of which no more is known than to whom the image's files belong. */
export function isOwnProgram({ command }: ContainerProps): boolean {
  return command === undefined;
}

/** What a container says, and for what it leaves open, what is known of its image. Only a main container serves without saying so. */
export function withFacts(props: ContainerProps, facts: ImageFacts, isMain: boolean): ContainerProps {
  const uid = props.uid ?? facts.uid;
  const gid = props.gid ?? facts.gid;
  if (!isOwnProgram(props)) return { ...props, uid, gid };
  const ports = props.ports ?? (isMain ? facts.ports : undefined);
  return {
    ...props,
    uid,
    gid,
    ports,
    health: props.health ?? (serves(facts, ports) ? facts.health : undefined),
    resources: { ...props.resources, memoryLimit: props.resources?.memoryLimit ?? largest(facts.memory, props.resources?.memoryRequest) },
  };
}

/** Least limit that the image can do with, and that is no less than what is requested. */
function largest(known?: Size, requested?: Size): Size | undefined {
  return known && requested && requested.toKibibytes() > known.toKibibytes() ? requested : known;
}

/** Whether the image's program does what it is for: a task or an init container that runs its tools has no ports. */
function serves({ ports: usual = [] }: ImageFacts, ports: ContainerProps['ports'] = []): boolean {
  return usual.length === 0 || ports.some(({ number }) => number === usual[0].number);
}

/** Contradictions between what a container says and what is known of its image. */
export function findImageProblems(container: Container): string[] {
  const { facts } = container;
  if (!facts) return [];
  const dataProblems = serves(facts, container.ports) ? findDataProblems(container, facts) : [];
  return [...findUserProblems(container, facts), ...dataProblems, ...findFileProblems(container, facts)];
}

function findUserProblems({ image, uid }: Container, { uid: usual, anyUid = false }: ImageFacts): string[] {
  return anyUid || uid === usual ? [] : [`the files of image '${image}' belong to user ${usual}, got 'uid: ${uid}'; leave out 'uid' and 'gid'`];
}

function findDataProblems({ image, mounts, env, writablePaths }: Container, { dataPaths = [], dataVariable, variables = {} }: ImageFacts): string[] {
  if (dataVariable !== undefined && env[dataVariable] && env[dataVariable].text !== variables[dataVariable]) return [];
  return dataPaths.filter(path => !mounts.some(mount => mount.path === path)).flatMap(path => {
    const wrong = mounts.find(mount => isWithin(path, mount.path) || isWithin(mount.path, path));
    if (wrong) return [`image '${image}' keeps data at '${path}', which does not outlive the container, as ${describe(wrong)}; mount it at '${path}'`];
    return writablePaths.includes(path) ? []
      : [`image '${image}' keeps data at '${path}', where nothing is mounted; mount a volume there, or say by 'writablePaths' that the data may be lost with the container`];
  });
}

function describe({ volume, path }: VolumeMount): string {
  return `volume '${volume.name}' is mounted at '${path}'`;
}

function findFileProblems({ image, env }: Container, { fileVariables = [] }: ImageFacts): string[] {
  return fileVariables.flatMap(name => {
    if (env[name]?.fileOf) return [`image '${image}' takes ${name} for the value itself, and got the path of a secret's file; set ${name}_FILE`];
    return env[name] && env[`${name}_FILE`] ? [`image '${image}' takes ${name} or ${name}_FILE, got both; leave out one of them`] : [];
  });
}
