import { ENUMS, INTERFACES, OPEN_STRUCTS, STRUCTS } from './api-types.generated';
import { isInstance } from './class-names';
import { nearest } from './nearest';
import { wordsFor } from './type-words';

/** A value that is not of the type that it should be. */
export interface Mismatch {
  /** Where within the checked value, such as `.ports[0].number`; empty for that value itself. */
  readonly at: string;
  readonly given: unknown;
  /** What should be there, in words; undefined where nothing should be. */
  readonly expected?: string;
  /** Type that should be there, where a class has to make it. */
  readonly made?: string;
  /** The name that was probably meant. */
  readonly meant?: string;
  /** Whether nothing may be there, too. */
  readonly optional?: boolean;
}

/** Tells what in a value is not as its type says. */
export type ValueType = (value: unknown) => Mismatch[];

const NONE: Mismatch[] = [];

const known = new Map<string, ValueType>();

/** The type of that notation: `string`, `Port[]`, `EnvValue{}` … */
export function valueType(notation: string): ValueType {
  const present = known.get(notation);
  if (present) return present;
  const made = make(notation);
  known.set(notation, made);
  return made;
}

function make(notation: string): ValueType {
  if (notation.endsWith('[]')) return listOf(notation.slice(0, -2));
  if (notation.endsWith('{}')) return mapOf(notation.slice(0, -2));
  switch (notation) {
    case 'string': return simple(notation, value => typeof value === 'string');
    case 'number': return simple(notation, value => Number.isFinite(value));
    case 'boolean': return simple(notation, value => typeof value === 'boolean');
    case 'json': case 'any': return () => NONE;
  }
  if (Object.hasOwn(STRUCTS, notation)) return struct(notation, true);
  if (Object.hasOwn(ENUMS, notation)) return enumeration(notation);
  if (Object.hasOwn(INTERFACES, notation)) return implementation(notation);
  return instance(notation);
}

function simple(notation: string, holds: (value: unknown) => boolean): ValueType {
  return value => holds(value) ? NONE : [{ at: '', given: value, expected: wordsFor(notation) }];
}

/** The type of what may be left out. Null does not mean that: jsii hands over none from other languages. */
export function optional(notation: string): ValueType {
  const type = valueType(notation);
  return value => {
    if (value === undefined) return NONE;
    return value === null ? [{ at: '', given: value, expected: wordsFor(notation), optional: true }] : type(value);
  };
}

function enumeration(name: string): ValueType {
  const values = new Set<unknown>(Object.values(ENUMS[name]));
  return simple(name, value => values.has(value));
}

function listOf(element: string): ValueType {
  return value => {
    if (!Array.isArray(value)) return [{ at: '', given: value, expected: wordsFor(`${element}[]`) }];
    const type = valueType(element);
    let found = NONE;
    for (let index = 0; index < value.length; index++) found = added(found, type(value[index]), index);
    return found;
  };
}

function mapOf(element: string): ValueType {
  return value => {
    if (!isPlain(value)) return [{ at: '', given: value, expected: wordsFor(`${element}{}`) }];
    const type = valueType(element);
    let found = NONE;
    for (const key in value) found = added(found, type((value as Record<string, unknown>)[key]), key);
    return found;
  };
}

/** What was found so far, and what was found at a place within. */
function added(found: Mismatch[], more: Mismatch[], place: string | number): Mismatch[] {
  if (more.length === 0) return found;
  const at = typeof place === 'number' ? `[${place}]` : `.${place}`;
  return [...found, ...more.map(each => ({ ...each, at: at + each.at }))];
}

/** @param exact whether nothing may be there that the struct does not have */
export function struct(name: string, exact: boolean): ValueType {
  const properties = new Map(Object.entries(STRUCTS[name]).map(([key, notation]) => [key.replace('?', ''), notation]));
  const types = new Map<string, ValueType>(); // filled when first needed, as structs may hold themselves
  const required = Object.keys(STRUCTS[name]).filter(key => !key.endsWith('?'));
  const closed = exact && !OPEN_STRUCTS.includes(name);
  return value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ at: '', given: value, expected: wordsFor(name) }];
    let found = NONE;
    const given = value as Record<string, unknown>;
    for (const key in given) {
      const each = given[key];
      if (each === undefined) continue;
      let type = types.get(key);
      if (!type) {
        const notation = properties.get(key);
        if (notation === undefined) {
          if (closed && isPlain(value)) found = [...found, { at: `.${key}`, given: each, meant: nearest(key, [...properties.keys()]) }];
          continue;
        }
        types.set(key, type = required.includes(key) ? valueType(notation) : optional(notation));
      }
      found = added(found, type(each), key);
    }
    for (const key of required) {
      if (given[key] === undefined) found = [...found, { at: `.${key}`, given: undefined, expected: wordsFor(properties.get(key)!) }];
    }
    return found;
  };
}

function implementation(name: string): ValueType {
  return value => {
    if (typeof value !== 'object' || value === null) return [{ at: '', given: value, expected: wordsFor(name) }];
    const missing = INTERFACES[name].filter(member => !(member in value));
    return missing.length === 0 ? NONE : [{ at: '', given: value, expected: `${wordsFor(name)} with ${missing.map(member => `'${member}'`).join(', ')}` }];
  };
}

/** What values of a class are measured in: smaller parts have no meaning here. */
const UNITS: Record<string, [string, (value: any) => unknown]> = {
  'cdk8s.Duration': ['whole milliseconds', value => value.toMilliseconds()],
  'cdk8s.Size': ['whole KiB', value => value.toKibibytes()],
};

function instance(name: string): ValueType {
  const [unit, measure] = UNITS[name] ?? [];
  const isWhole = (value: unknown) => {
    try {
      measure?.(value);
      return true;
    } catch {
      return false;
    }
  };
  return value => {
    if (!isInstance(value, name)) return [{ at: '', given: value, expected: wordsFor(name), made: name }];
    return isWhole(value) ? NONE : [{ at: '', given: value, expected: unit }];
  };
}

/** Whether a value is what an object literal makes. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
