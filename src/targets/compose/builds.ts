import { relative, resolve } from 'path';
import type { Service } from './specification.generated';
import { unitsOf } from './units';
import type { Container } from '../../model/container';
import type { WorkloadBase } from '../../model/workload-base';
import { shortHash } from '../../private/hash';
import { placeOf } from '../../private/place';

/** Never asks a registry for an image that is made here: somebody else's could be there by that name. */
const POLICY = 'never';

interface Build {
  /** The container that says how it is built. */
  readonly path: string;
  readonly entry: { readonly context: string; readonly dockerfile?: string };
}

/**
 * Where images are built from. One service builds an image for all that run it, as Compose writes the service's name into the image.
 * Several services would each make another image, and make their containers anew each time.
 * Where several run it, that one runs nothing itself, so that each of them can be started alone.
 */
export class Builds {
  private readonly builds = new Map<string, Build>();
  /** Number of services that run an image. */
  private readonly users = new Map<string, number>();

  /**
   * @param directory absolute path of the project's directory
   * @throws if containers have the image of one name built from different things.
   */
  public constructor(private readonly directory: string, workloads: WorkloadBase[]) {
    for (const workload of workloads) {
      for (const container of workload.containers) {
        this.users.set(container.image, (this.users.get(container.image) ?? 0) + unitsOf(workload).length);
        this.add(container);
      }
    }
  }

  /** What the service of a container says of its image. */
  public entriesOf({ image }: Container): Service {
    const build = this.builds.get(image);
    if (!build) return {};
    return { ...(this.builderOf(image) ? {} : { build: build.entry }), pull_policy: POLICY };
  }

  /** The service that builds an image for several others; undefined if there is none. */
  public builderOf(image: string): string | undefined {
    if (!this.builds.has(image) || this.users.get(image) === 1) return undefined;
    const [, name] = /([^/:@]+)(:[^/]*)?$/.exec(image.split('@')[0])!;
    return `conduit-build_${name}_${shortHash(image, 6)}`;
  }

  /** All services that build for several others. */
  public lower(): [string, Service][] {
    return [...this.builds].flatMap(([image, { entry }]): [string, Service][] => {
      const name = this.builderOf(image);
      return name === undefined ? [] : [[name, { image, build: entry, pull_policy: POLICY, network_mode: 'none', deploy: { replicas: 0 } }]];
    });
  }

  private add({ image, buildContext, path }: Container): void {
    if (!buildContext) return;
    const context = relative(this.directory, resolve(buildContext.directory)) || '.';
    const { file: dockerfile } = buildContext;
    const first = this.builds.get(image);
    if (!first) {
      this.builds.set(image, { path, entry: { context, dockerfile } });
    } else if (first.entry.context !== context || first.entry.dockerfile !== dockerfile) {
      throw new Error(`${placeOf(path)}: image '${image}' is built from '${describe(context, dockerfile)}' here and from '${describe(first.entry.context, first.entry.dockerfile)}' `
        + `by ${placeOf(first.path)}; give one of them another name`);
    }
  }
}

function describe(context: string, dockerfile = 'Dockerfile'): string {
  return `${context}/${dockerfile}`;
}
