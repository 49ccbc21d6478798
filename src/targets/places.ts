import { isAbsolute, join, relative, resolve } from 'path';
import { directoryFor, synthesisOutput } from './synthesis-output';
import type { Problems } from '../private/problems';

/** Where the parts of a project are, as absolute paths. */
export interface Places {
  /** The project. */
  readonly directory: string;
  /** The values of its secrets. */
  readonly secrets: string;
}

/** Options that say where a project is. */
interface PlaceOptions {
  readonly directory?: string;
  readonly secretsDirectory?: string;
}

/** Directory of a project, within its own, for the config files. */
export const CONFIGS = 'configs';

/**
 * Where a project and its secrets are. Secrets outlive every synthesis, as the volumes do whose passwords they are,
 * and like these they follow the project's name.
 * @param target of the directory that it has by default
 */
export function placesOf(target: string, projectName: string, options: PlaceOptions, problems: Problems): Places {
  const output = synthesisOutput();
  const directory = resolve(options.directory ?? directoryFor(target));
  const { secretsDirectory } = options;
  const secrets = secretsDirectory === undefined ? resolve('secrets', projectName) : resolve(directory, secretsDirectory);
  problems.check(!output.isHelmChart || !isWithin(output.directory, directory),
    `'directory' must be outside of the Helm chart in '${output.directory}', which would be packed with it, got '${options.directory}'`);
  problems.check(secretsDirectory === undefined || (secretsDirectory !== '' && !isAbsolute(secretsDirectory)),
    `'secretsDirectory' must be relative to the project's directory, got '${secretsDirectory}'`);
  problems.check(!isWithin(output.directory, secrets),
    `'secretsDirectory' must be outside of '${output.directory}', which 'cdk8s synth' empties, got '${secretsDirectory}'; '${relative(directory, resolve('secrets'))}' is`);
  problems.check(!isWithin(secrets, directory) && !isWithin(join(directory, CONFIGS), secrets),
    `'secretsDirectory' must be a directory for secrets alone, got '${secretsDirectory}'`);
  return { directory, secrets };
}

/** Whether `path` is `directory`, or is below it. */
function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
