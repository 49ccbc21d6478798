import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';

/**
 * The directory for a project when none is given: `compose` in the directory that cdk8s writes to,
 * or beside it where that is the `templates` of a Helm chart, since a chart takes every file in there for its own.
 */
export function defaultDirectory(): string {
  const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
  return existsSync(join(outdir, '..', 'Chart.yaml')) ? join(outdir, '..', 'compose') : join(outdir, 'compose');
}

/**
 * Writes a project by renaming complete files into place, the Compose file after what it refers to;
 * then the files of `configs/` that are not used any more are removed.
 */
export function writeProject(directory: string, compose: string, files: Map<string, string>): string {
  for (const [path, text] of files) writeAtomically(join(directory, path), text);
  const file = resolve(directory, 'compose.yml');
  writeAtomically(file, compose);
  const configs = join(directory, 'configs');
  const stale = existsSync(configs) ? readdirSync(configs).filter(name => !files.has(`configs/${name}`)) : [];
  for (const name of stale) rmSync(join(configs, name));
  return file;
}

function writeAtomically(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
