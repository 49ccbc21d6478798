import { CALLS } from './api-types.generated';
import { classNameOf } from './class-names';
import { Problems } from './problems';
import { describe, howToMake } from './type-words';
import { Mismatch, optional, struct, ValueType, valueType } from './value-types';

interface Parameter {
  readonly name: string;
  readonly notation: string;
  readonly type: ValueType;
  /** For a class that is made by one that extends it, and may have properties of its own. */
  readonly extended: ValueType;
}

const known = new Map<string, Parameter[]>();

/**
 * Refuses arguments of other types than the API declares. Nobody else does so for who calls from a language without types.
 * It is the first line of every public constructor and method.
 * @param caller `this` in a method, `new.target` in a constructor
 * @param call name of the class, followed by that of the method
 */
export function checkCall(caller: unknown, call: string, given: IArguments): void {
  let parameters = known.get(call);
  if (!parameters) known.set(call, parameters = parametersOf(call));
  let problems: Problems | undefined;
  for (let index = 0; index < parameters.length; index++) {
    const { name, notation, type, extended } = parameters[index];
    const value = given[index];
    let wrong = type(value);
    if (wrong.length > 0 && extended !== type && classNameOf(caller) !== call) wrong = extended(value);
    if (wrong.length === 0) continue;
    problems ??= new Problems(placeOf(caller, call, given, parameters));
    for (const mismatch of wrong) problems.check(false, sentence(name, notation, mismatch));
  }
  problems?.throwIfAny();
}

function parametersOf(call: string): Parameter[] {
  const isConstructor = !call.includes('.');
  return Object.entries(CALLS[call]).map(([key, notation]) => {
    const name = key.replace('?', '');
    const type = name === key ? valueType(notation) : optional(notation);
    return { name, notation, type, extended: isConstructor && name === 'props' ? struct(notation, false) : type };
  });
}

/** Where in the application the call is made, or what is called. */
function placeOf(caller: any, call: string, given: IArguments, parameters: Parameter[]): string {
  if (typeof caller === 'object' && caller !== null) return caller.node?.path ?? caller.path ?? call;
  const named = (name: string) => given[parameters.findIndex(parameter => parameter.name === name)];
  const path = [given[0]?.node?.path, named('id') ?? (call === 'Application' ? named('name') : undefined)].filter(each => typeof each === 'string' && each !== '').join('/');
  return path || call;
}

function sentence(parameter: string, notation: string, { at, given, expected, made, meant, optional: mayBeMissing }: Mismatch): string {
  const place = at === '' ? parameter : notation.endsWith('}') || notation.endsWith(']') ? parameter + at : at.slice(1);
  const shown = describe(place, given);
  if (expected === undefined) return `there is no '${place}', got ${shown}; ${meant === undefined ? 'leave it out' : `write '${meant}'`}`;
  const make = made && howToMake(made, given, shown);
  const remedy = mayBeMissing ? '; leave it out' : make ? `; write ${make}` : '';
  return `'${place}' must be ${expected}, got ${shown}${remedy}`;
}
