import { existsSync, readFileSync, rmSync } from 'fs';
import { join } from 'path';
import { CONFIGS } from './places';
import { replaceFiles } from '../replace-files';

const COMPOSE_FILE = 'compose.yml';
/** Says what is of the library in a directory in which there may be more. */
const LIST = '.cdk8s-conduit.json';

/** What the list says. */
interface Written {
  readonly project: string;
  readonly files: string[];
}

/**
 * Writes a project, all of it or nothing. What an earlier project of that name wrote is replaced, and removed where it is not used any more.
 * Users of every container read config files, so the mode does not depend on who writes them.
 * @throws if something is in the way that no earlier project wrote.
 */
export function writeProject(directory: string, project: string, compose: string, files: Map<string, string>): string {
  const earlier = readList(directory);
  const names = [...files.keys(), COMPOSE_FILE];
  refuseToReplace(directory, project, names, earlier);
  const stale = (earlier?.files ?? []).filter(name => !names.includes(name));
  // the list comes first, and lists the stale ones, too: a run that is killed leaves nothing that the next one takes for somebody else's
  replaceFiles(directory, new Map([[LIST, toText({ project, files: [...names, ...stale] })], ...files, [COMPOSE_FILE, compose]]), 0o644);
  if (stale.length > 0) {
    for (const name of stale) rmSync(join(directory, name), { force: true });
    replaceFiles(directory, new Map([[LIST, toText({ project, files: names })]]), 0o644);
  }
  return join(directory, COMPOSE_FILE);
}

function refuseToReplace(directory: string, project: string, names: string[], earlier?: Written): void {
  if (earlier && earlier.project !== project) {
    throw new Error(`compose project '${project}': '${directory}' holds the project '${earlier.project}'; give each project a 'directory' of its own, or remove the other one`);
  }
  const others = names.filter(name => existsSync(join(directory, name)) && !earlier?.files.includes(name));
  if (others.length > 0) {
    throw new Error(`compose project '${project}': ${others.map(name => `'${name}'`).join(', ')} in '${directory}' would be replaced, and was not written by an earlier project; `
      + 'move it away, or give the project another \'directory\'');
  }
}

function readList(directory: string): Written | undefined {
  const path = join(directory, LIST);
  if (!existsSync(path)) return undefined;
  try {
    const { project, files } = JSON.parse(readFileSync(path, 'utf8')) as Written;
    return { project, files: files.filter(isOurs) };
  } catch {
    throw new Error(`'${path}' cannot be read; remove it together with the project that it lists`);
  }
}

/** What a project writes at all: a list that was tampered with has nothing else removed. */
function isOurs(name: string): boolean {
  return name === COMPOSE_FILE || new RegExp(`^${CONFIGS}/[a-z0-9_-]+$`).test(name);
}

function toText(list: Written): string {
  return `${JSON.stringify({ ...list, files: [...list.files].sort() }, undefined, 2)}\n`;
}
