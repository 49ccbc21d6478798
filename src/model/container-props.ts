import type { Port } from './endpoint';
import type { EnvValue } from './env-value';
import type { HealthCheck } from './health-check';
import type { Privileges } from './privileges';
import type { Resources } from './resources';

/** Where an image is built from, on targets that build. */
export interface BuildContext {
  /** Directory with the sources, relative to where the program runs. */
  readonly directory: string;
  /**
   * Build file, relative to the directory.
   * @default 'Dockerfile'
   */
  readonly file?: string;
}

/** Options of a container. */
export interface ContainerProps {
  /** Image with a tag or digest; `latest` is refused because it means something else tomorrow. */
  readonly image: string;
  /**
   * Builds the image, on targets that build; others take the image by its name.
   * @default - the image exists
   */
  readonly buildContext?: BuildContext;
  /**
   * Replaces the image's entry point; words, no shell.
   * @default - the image's own
   */
  readonly command?: string[];
  /**
   * Arguments of the entry point; words, no shell.
   * @default - the image's own
   */
  readonly args?: string[];
  /**
   * Environment variables. Edges and grants add theirs.
   * @default - none
   */
  readonly env?: Record<string, EnvValue>;
  /**
   * Ports on which the program listens.
   * @default - those of an official image in a main container, otherwise none
   */
  readonly ports?: Port[];
  /**
   * Tells when the program can do its work.
   * @default - that of an official image, otherwise a TCP check of the first TCP port, if there is one
   */
  readonly health?: HealthCheck;
  /**
   * Processors, memory and disk.
   * @default - see the members of `Resources`
   */
  readonly resources?: Resources;
  /**
   * Id of the Linux user that the program runs as; never 0.
   * @default - that of an official image, otherwise 10001
   */
  readonly uid?: number;
  /**
   * Id of the Linux group that the program runs as.
   * @default - that of an official image, otherwise 10001
   */
  readonly gid?: number;
  /**
   * Absolute paths of directories that the program may write to; everything else is read-only. Their content is lost with the container.
   * @default - none, but those that an official image needs are always added
   */
  readonly writablePaths?: string[];
  /**
   * What the program may do beyond that, if it insists. The user is then the one as which it goes on.
   * @default - none
   */
  readonly privileges?: Privileges;
  /**
   * Signal that asks the program to end, such as SIGQUIT.
   * @default - the image's own, usually SIGTERM
   */
  readonly stopSignal?: string;
}
