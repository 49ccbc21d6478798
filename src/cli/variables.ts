import { lstatSync } from 'fs';
import { join } from 'path';
import { readOwnFile, replaceFile } from './files';
import { SECRET_VARIABLE } from '../targets/secret-variable';

/**
 * Has `.env`, which Compose reads, hold these values, and of earlier ones none; other lines stay as they are.
 * @returns names of the variables that are new or changed
 */
export function writeVariables(project: string, values: Record<string, string>): string[] {
  const path = join(project, '.env');
  const present = lstatSync(path, { throwIfNoEntry: false });
  const needed = Object.keys(values).length > 0;
  if (!needed && !present?.isFile()) return [];
  // a file that holds a secret is for its owner alone; another one is left as it is
  const text = present ? readOwnFile(path, needed ? 0o600 : present.mode % 0o1000) : '';
  const lines = text.split('\n');
  const others = lines.filter(line => !isOurs(line)).join('\n');
  const ours = Object.entries(values).map(([variable, value]) => `${variable}=${quote(value)}`);
  const changed = Object.keys(values).filter((_, index) => !lines.includes(ours[index]));
  const next = ours.reduce((all, line) => `${all}${all === '' || all.endsWith('\n') ? '' : '\n'}${line}\n`, others);
  if (changed.length > 0 || lines.filter(isOurs).length !== ours.length) replaceFile(path, next, 0o600);
  return changed;
}

function isOurs(line: string): boolean {
  return SECRET_VARIABLE.test(line.split('=')[0]);
}

const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r' };

/** Within double quotes Compose knows these escapes, by which each value fits into one line. */
function quote(value: string): string {
  return /^[A-Za-z0-9]+$/.test(value) ? value : `"${value.replace(/[\\"$\n\r]/g, character => ESCAPES[character] ?? `\\${character}`)}"`;
}
