import { FidelityEntry, FidelityLevel } from './fidelity';
import type { Application } from '../model/application';
import { placeOf } from '../private/place';

/** What was told of each application. */
const told = new WeakMap<Application, Set<string>>();

/**
 * Tells whoever runs the program what may not be meant, and of what a target does by other means. Each is told once, on the standard error, as the
 * standard output may be a manifest. Targets call it when they write.
 * @returns no problems
 */
export function tellOf(application: Application, target: string, fidelity: FidelityEntry[]): string[] {
  let known = told.get(application);
  if (!known) told.set(application, known = new Set());
  const emulated = new Set(fidelity.filter(({ level }) => level === FidelityLevel.EMULATED).map(({ feature }) => feature));
  const notices = [
    ...application.warnings.map(({ id, path, message }) => `warning: ${placeOf(path)}: ${message} (if it is meant, acknowledge '${id}')`),
    ...(emulated.size === 0 ? [] : [`${application.name}: ${target} does ${count(emulated.size, 'thing')} by other means than declared; 'fidelity' lists them, and docs/fidelity.md says why`]),
  ].filter(notice => !known.has(notice));
  for (const notice of notices) known.add(notice);
  if (notices.length > 0) process.stderr.write(notices.map(notice => `${notice}\n`).join(''));
  return [];
}

function count(number: number, noun: string): string {
  return number === 1 ? `one ${noun}` : `${number} ${noun}s`;
}
