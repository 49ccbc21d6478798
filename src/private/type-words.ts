import { ENUMS, FACTORIES, STRUCTS } from './api-types.generated';
import { classNameOf, shortName } from './class-names';
import { looksSecret } from './looks-secret';

/** What a type is, in words. */
export function wordsFor(notation: string): string {
  if (notation.endsWith('[]')) return `a list, each of which is ${wordsFor(notation.slice(0, -2))}`;
  if (notation.endsWith('{}')) return `an object, each of whose values is ${wordsFor(notation.slice(0, -2))}`;
  if (notation === 'string') return 'a text';
  if (notation === 'number') return 'a number';
  if (notation === 'boolean') return 'true or false';
  if (Object.hasOwn(ENUMS, notation)) return Object.keys(ENUMS[notation]).map(member => `${shortName(notation)}.${member}`).join(' or ');
  const name = shortName(notation);
  if (Object.hasOwn(STRUCTS, notation)) return `an object with the properties of ${name}`;
  return `${articleOf(name)} ${name}`;
}

/** How one makes an object of a class, of what was given if that is possible. */
export function howToMake(name: string, given: unknown, shown: string): string | undefined {
  const factories = Object.entries(FACTORIES[name] ?? {});
  const fit = shown === HIDDEN ? [] : factories.filter(([, parameters]) => parameters === typeof given);
  const calls = fit.length > 0 ? fit.map(([factory]) => `${factory}(${shown})`) : factories.map(([factory, parameters]) => `${factory}(${parameters && '…'})`);
  return calls.length === 0 ? undefined : calls.slice(0, 6).map(call => `${shortName(name)}.${call}`).join(' or ');
}

const HIDDEN = 'a text';

/** A value as a message shows it; the text of a secret is not shown. */
export function describe(place: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return looksSecret(place, value) ? HIDDEN : `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  const name = shortName(classNameOf((Object.getPrototypeOf(value) ?? {}).constructor));
  return name === '' || name === 'Object' ? 'an object' : `${articleOf(name)} ${name}`;
}

function articleOf(name: string): string {
  return /^[AEIOU]/.test(name) ? 'an' : 'a';
}
