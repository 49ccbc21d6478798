import { relative, resolve } from 'path';
import type { Service } from './specification.generated';
import type { Container } from '../../model/container';

interface Build {
  /** The container that has it. */
  readonly path: string;
  readonly context: string;
  readonly dockerfile?: string;
}

/**
 * Where images are built from. One service builds an image for all that run it, as Compose writes the service's name into the image.
 * Several services would each make another image, and make their containers anew each time.
 */
export class Builds {
  private readonly builds = new Map<string, Build>();

  /** @param directory absolute path of the project's directory */
  public constructor(private readonly directory: string) {}

  /**
   * The entry of the container's service; undefined where another one builds the image, or none does.
   * @throws if another container has its image of that name built from something else.
   */
  public of({ image, buildContext, path }: Container): Service['build'] {
    if (!buildContext) return undefined;
    const context = relative(this.directory, resolve(buildContext.directory)) || '.';
    const { file: dockerfile } = buildContext;
    const first = this.builds.get(image);
    if (!first) {
      this.builds.set(image, { path, context, dockerfile });
      return { context, dockerfile };
    }
    if (first.context !== context || first.dockerfile !== dockerfile) {
      throw new Error(`${path}: image '${image}' is built from '${describe(context, dockerfile)}' here and from '${describe(first.context, first.dockerfile)}' `
        + `by ${first.path}; give one of them another name`);
    }
    return undefined;
  }
}

function describe(context: string, dockerfile = 'Dockerfile'): string {
  return `${context}/${dockerfile}`;
}
