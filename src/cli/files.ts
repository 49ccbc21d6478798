import { chmodSync, closeSync, constants, existsSync, fchmodSync, fsyncSync, linkSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';

/** Puts a file into place, of that mode and complete, or leaves what was there. */
export function replaceFile(path: string, text: string, mode: number): void {
  withBeside([[path, text]], mode, ([beside]) => renameSync(beside, path));
}

/**
 * Puts new files into place, complete and of that mode. Of several programs that make the same ones at once, one does: whose first comes first.
 * @returns whether that is this one
 */
export function createFiles(files: [path: string, text: string][], mode: number): boolean {
  return withBeside(files, mode, besides => {
    const done: string[] = [];
    try {
      besides.forEach((beside, index) => {
        linkSync(beside, files[index][0]);
        done.push(files[index][0]);
      });
      return true;
    } catch (error) {
      for (const path of done) rmSync(path);
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    }
  });
}

/**
 * The text of a file, which gets that mode. Links are not followed.
 * @throws if it is a link, or no file.
 */
export function readOwnFile(path: string, mode: number): string {
  if (!lstatSync(path).isFile()) throw new Error(`'${path}' must be a file, and no link to one; remove it`);
  const file = openSync(path, constants.O_NOFOLLOW); // nor one that took its place since
  try {
    fchmodSync(file, mode);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Whether there is something of that name, be it a link that leads nowhere. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function withBeside<T>(files: [path: string, text: string][], mode: number, place: (besides: string[]) => T): T {
  const besides = files.map(([path]) => join(dirname(path), `.${basename(path)}.${process.pid}.new`));
  try {
    files.forEach(([, text], index) => writeWhole(besides[index], text, mode));
    return place(besides);
  } finally {
    for (const beside of besides) rmSync(beside, { force: true });
  }
}

/** On the disk when it returns, or not at all. */
function writeWhole(path: string, text: string, mode: number): void {
  if (existsSync(path)) rmSync(path); // of a run that was killed, by the same number
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(path, mode); // whatever the umask
}
