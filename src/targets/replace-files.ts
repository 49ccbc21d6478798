import { copyFileSync, chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';

/** Where files are until all of them are complete; what an earlier run left there is removed. */
const BESIDE = '.cdk8s-conduit.new';

/**
 * Puts files into a directory, all of them or none. Each is written beside its place, then renamed into it. If that fails for one, the
 * others get back what they had.
 * @param files texts by relative path, in the order in which they come into place
 * @param mode of the files; undefined for what the process gives to files
 */
export function replaceFiles(directory: string, files: ReadonlyMap<string, string>, mode?: number): void {
  const beside = join(directory, BESIDE);
  const [complete, earlier] = [join(beside, 'complete'), join(beside, 'earlier')];
  const done: string[] = [];
  rmSync(beside, { recursive: true, force: true });
  try {
    for (const [name, text] of files) {
      writeBeside(join(complete, name), text, mode);
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      keepEarlier(join(directory, name), join(earlier, name));
    }
    for (const name of files.keys()) {
      renameSync(join(complete, name), join(directory, name));
      done.push(name);
    }
  } catch (error) {
    for (const name of done) {
      if (existsSync(join(earlier, name))) renameSync(join(earlier, name), join(directory, name));
      else rmSync(join(directory, name));
    }
    throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function writeBeside(path: string, text: string, mode?: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (mode !== undefined) chmodSync(path, mode); // whatever the umask
}

function keepEarlier(path: string, copy: string): void {
  if (!existsSync(path)) return;
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
}
