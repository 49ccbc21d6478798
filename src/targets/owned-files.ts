import { existsSync, readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { replaceFiles } from './replace-files';
import { byText } from '../private/names';

/** Says what is of the library in a directory in which there may be more. */
const LIST = '.cdk8s-conduit.json';

/** Who writes files, and which ones it may call its own. */
export interface FileOwner {
  /** Such as `compose project 'shop'`. */
  readonly name: string;
  /** Paths that it writes at all: if a list was tampered with, nothing else is removed. */
  readonly paths: RegExp;
  /** Of the files; undefined for what the process gives to files. */
  readonly mode?: number;
}

/** What the list says: paths, by the names of owners. */
type Owned = Record<string, string[]>;

/**
 * Writes files into a directory in which there may be others, all of them or none. What the same owner wrote there earlier is replaced,
 * and removed where it is not written any more.
 * @param files texts by relative path, in the order in which they come into place
 * @throws if something is in the way that this owner did not write.
 */
export function writeOwned(directory: string, owner: FileOwner, files: ReadonlyMap<string, string>): void {
  const owned = readList(directory);
  const earlier = (owned[owner.name] ?? []).filter(path => owner.paths.test(path));
  refuseToReplace(directory, owner, files, owned, earlier);
  const stale = earlier.filter(path => !files.has(path));
  const listOf = (paths: string[]): [string, string] => [LIST, toText({ ...owned, [owner.name]: paths })];
  // the list comes first, and lists the stale ones, too: a run that is killed leaves nothing that the next one takes for somebody else's
  replaceFiles(directory, new Map([listOf([...files.keys(), ...stale]), ...files]), owner.mode);
  if (stale.length === 0) return;
  for (const path of stale) rmSync(join(directory, path), { force: true });
  replaceFiles(directory, new Map([listOf([...files.keys()])]), owner.mode);
}

function refuseToReplace(directory: string, owner: FileOwner, files: ReadonlyMap<string, string>, owned: Owned, earlier: string[]): void {
  const inTheWay = [...files.keys()].filter(path => existsSync(join(directory, path)) && !earlier.includes(path));
  if (inTheWay.length === 0) return;
  const other = Object.keys(owned).find(name => name !== owner.name && inTheWay.some(path => owned[name].includes(path)));
  const whose = other === undefined ? 'was not written by it' : `belongs to ${other}`;
  throw new Error(`${owner.name}: ${inTheWay.map(path => `'${path}'`).join(', ')} in '${directory}' would be replaced, and ${whose}; move it away, or set another 'directory'`);
}

function readList(directory: string): Owned {
  const path = join(directory, LIST);
  if (!existsSync(path)) return {};
  try {
    const owned = JSON.parse(readFileSync(path, 'utf8')) as Owned;
    return Object.fromEntries(Object.entries(owned).map(([name, paths]) => [name, [...paths]]));
  } catch {
    throw new Error(`'${path}' cannot be read; remove it together with the files that it lists`);
  }
}

function toText(owned: Owned): string {
  const sorted = Object.entries(owned).sort(([a], [b]) => byText(a, b)).map(([name, paths]) => [name, [...paths].sort(byText)]);
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}
