// Callers without types: every value of every call is given as something else, and refused where it enters.
import { Caller, makeWorld, Member, membersOf, wrongValues } from './world';
import { CALLS, OPEN_STRUCTS, STRUCTS } from '../../src/private/api-types.generated';
import { valueType } from '../../src/private/value-types';

const caller = new Caller(makeWorld());

/** One wrong value among arguments that are right. */
interface Input {
  /** Where, as the message should say it. */
  readonly place: string;
  /** `Struct.property`, or what else was spoilt. */
  readonly of: string;
  readonly what: string;
  readonly spoilt: unknown;
}

/** Everything that can be wrong within a value of that type. */
function spoil(place: string, of: string, member: Member, within: string[] = []): Input[] {
  const { notation, optional } = member;
  const wrong = Object.entries(wrongValues(notation)).map(([what, spoilt]) => ({ place, of, what, spoilt }));
  const missing = notation === 'any' ? [] : (optional ? [null] : [undefined, null]).map(spoilt => ({ place, of, what: `${spoilt}`, spoilt }));
  return [...wrong, ...missing, ...spoilWithin(place, notation, within)];
}

function spoilWithin(place: string, notation: string, within: string[]): Input[] {
  const element = notation.slice(0, -2);
  const required = (type: string): Member => ({ name: '', notation: type, optional: false });
  if (notation.endsWith('[]')) return spoil(`${place}[0]`, `${notation} element`, required(element), within).map(input => ({ ...input, spoilt: [input.spoilt] }));
  if (notation.endsWith('{}')) return spoil(`${place}.one`, `${notation} value`, required(element), within).map(input => ({ ...input, spoilt: { one: input.spoilt } }));
  if (!STRUCTS[notation] || within.includes(notation)) return [];
  const base = caller.wellTyped(notation) as object;
  const inside = membersOf(STRUCTS[notation]).flatMap(member =>
    spoil(place === '' ? member.name : `${place}.${member.name}`, `${notation}.${member.name}`, member, [...within, notation])
      .map(input => ({ ...input, spoilt: { ...base, [member.name]: input.spoilt } })));
  const unknown = OPEN_STRUCTS.includes(notation) ? [] : [{ place: place === '' ? 'colour' : `${place}.colour`, of: notation, what: 'unknown', spoilt: { ...base, colour: 'red' } }];
  return [...inside, ...unknown];
}

/** All inputs of a call. A struct among the arguments is not named: its properties are. */
function inputsOf(call: string): (Input & { readonly given: unknown[] })[] {
  const members = membersOf(CALLS[call]);
  return members.flatMap((member, index) => {
    const own = { ...member, notation: member.notation };
    const inputs = STRUCTS[member.notation]
      ? [...spoil(member.name, call, own, [member.notation]), ...spoilWithin('', member.notation, [])]
      : spoil(member.name, call, own);
    return inputs.map(input => ({ ...input, given: caller.argumentsOf(call).map((each, at) => at === index ? input.spoilt : each) }));
  });
}

/** The error of a call; undefined if there is none. */
function errorOf(call: string, given: unknown[]): Error | undefined {
  try {
    caller.call(call, given);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const spoiltProperties = new Set<string>();
let inputs = 0;

test.each(Object.keys(CALLS))('%s refuses values of other types, with path and property', call => {
  const wrong = inputsOf(call).flatMap(({ place, of, what, given }) => {
    inputs++;
    spoiltProperties.add(of);
    const error = errorOf(call, given);
    const refused = error?.constructor === Error && new RegExp(`^(?:[a-z][\\w/.-]*|${call}): (?:there is no )?'${place.replace(/[.[\]]/g, '\\$&')}'(?: must be|, got)`).test(error.message);
    return refused && !error.message.includes('\n') ? [] : [`${place} as ${what}: ${error ?? 'accepted'}`];
  });
  expect(wrong).toEqual([]);
});

test('every property of every struct was among them', () => {
  const all = Object.entries(STRUCTS).flatMap(([name, members]) => membersOf(members).filter(({ notation }) => notation !== 'any').map(member => `${name}.${member.name}`));
  expect(all.filter(property => !spoiltProperties.has(property))).toEqual([]);
  expect(inputs).toBeGreaterThan(500);
});

test.each(Object.keys(CALLS))('%s takes values of the types that it declares, and does without what may be left out', call => {
  const found = membersOf(CALLS[call]).flatMap(({ notation }) => {
    const whole = caller.wellTyped(notation) as Record<string, unknown>;
    const least = STRUCTS[notation] && Object.fromEntries(membersOf(STRUCTS[notation]).map(({ name, optional }) => [name, optional ? undefined : whole[name]]));
    return [...valueType(notation)(whole), ...valueType(notation)(least ?? whole)];
  });
  expect(found).toEqual([]);
});
