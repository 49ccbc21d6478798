import { Application, ComposeProject } from 'cdk8s-conduit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Project } from './docker';
import { createSecrets } from '../../src/cli/secrets';
import { synthesizeExample } from '../examples/synthesize';

/** A project that was generated, given secrets and not started yet. */
export interface Prepared {
  readonly project: Project;
  readonly directory: string;
  /** Removes everything: containers, networks, volumes, files. */
  remove(): Promise<void>;
}

/** Generates an example into a directory of its own. */
export function prepareExample(name: string): Prepared {
  const outdir = mkdtempSync(join(tmpdir(), 'conduit-live-'));
  synthesizeExample(name, outdir);
  return prepare(name, join(outdir, 'compose'), outdir);
}

/** Generates an application's project into a directory of its own. */
export function prepareApplication(application: Application): Prepared {
  const directory = mkdtempSync(join(tmpdir(), 'conduit-live-'));
  new ComposeProject(application, { directory }).save();
  return prepare(application.name, directory, directory);
}

function prepare(name: string, directory: string, temporary: string): Prepared {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  createSecrets(directory);
  log.mockRestore();
  const project = new Project(directory, name);
  return {
    project,
    directory,
    remove: async () => {
      await project.down();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
