import type { Size } from 'cdk8s';
import type { Port } from './endpoint';
import type { HealthCheck } from './health-check';
import { ImageName } from '../private/image-names';

/** What is known of an image: how its own program must be run. It is the default of what a container does not say. */
export interface ImageFacts {
  /** Name without tag, such as `acme/orders`: with its registry, unless that is Docker Hub or the application's mirror. */
  readonly name: string;
  /**
   * First major version for which this holds.
   * @default - any
   */
  readonly sinceVersion?: number;
  /**
   * First major version for which this holds no longer.
   * @default - none
   */
  readonly beforeVersion?: number;
  /**
   * Words that the tag must have, joined by hyphens, such as `alpine`. Of several facts, those with the most such words hold.
   * @default - any tag
   */
  readonly flavour?: string;
  /** Id of the Linux user that the program runs as, and to whom its files belong; never 0. */
  readonly uid: number;
  /** Id of the Linux group that the program runs as. */
  readonly gid: number;
  /**
   * Whether another user can run the program, as nothing that it writes belongs to somebody.
   * @default false
   */
  readonly anyUid?: boolean;
  /**
   * Ports on which the program listens for its clients.
   * @default - none
   */
  readonly ports?: Port[];
  /**
   * Tells when the program can do its work.
   * @default - a TCP check of the first TCP port, if there is one
   */
  readonly health?: HealthCheck;
  /**
   * Directories that the program writes to, and that may be empty and lost with the container. One of `dataPaths` is among them if the program is of
   * use without its data.
   * @default - none
   */
  readonly writablePaths?: string[];
  /**
   * Directories where the program keeps data: a volume is mounted at each of them, neither above nor below.
   * @default - none
   */
  readonly dataPaths?: string[];
  /**
   * Variable that moves the data elsewhere. A program that sets it says where data are, and mounts of it are not checked.
   * @default - none
   */
  readonly dataVariable?: string;
  /**
   * Variables that the program needs to run as described.
   * @default - none
   */
  readonly variables?: Record<string, string>;
  /**
   * Variables that the program also reads from a file, whose path is in the variable of that name with `_FILE`.
   * @default - none
   */
  readonly fileVariables?: string[];
  /**
   * Least memory to allow the program.
   * @default Size.mebibytes(256)
   */
  readonly memory?: Size;
  /** Where this was read, such as the address of a Dockerfile. */
  readonly source: string;
  /** Day on which it was read, as `2026-11-28`. */
  readonly date: string;
}

/** What was found of an image: facts, or why none can be chosen. */
export interface FoundFacts {
  readonly facts?: ImageFacts;
  readonly problem?: string;
}

/** The facts of an image among all of its name. */
export function findFacts(all: ImageFacts[], { name, tag }: ImageName): FoundFacts {
  const ofName = all.filter(facts => facts.name === name);
  if (ofName.length === 0) return {}; // as of most images
  const version = /^v?(\d+)/.exec(tag)?.[1];
  if (version === undefined && ofName.some(({ sinceVersion, beforeVersion }) => sinceVersion !== undefined || beforeVersion !== undefined)) {
    return { problem: `must have a tag that begins with a version, as how '${name}' is run depends on that, got ${tag === '' ? 'no tag' : `the tag '${tag}'`}` };
  }
  const words = tag.split('-').map(word => word.replace(/[\d.]+$/, ''));
  const wordsOf = ({ flavour }: ImageFacts) => flavour?.split('-') ?? [];
  const fitting = ofName.filter(facts => Number(version ?? 0) >= (facts.sinceVersion ?? 0) && Number(version ?? 0) < (facts.beforeVersion ?? Infinity)
    && wordsOf(facts).every(word => words.includes(word)));
  return { facts: fitting.sort((a, b) => wordsOf(b).length - wordsOf(a).length)[0] };
}
