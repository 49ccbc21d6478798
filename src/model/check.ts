import type { Primitive } from './primitive';
import { byText } from '../private/names';
import { placeOf } from '../private/place';

/** Problems that show only when the whole application is known. Linear in the number of primitives and edges. */
export function findProblems(primitives: Primitive[]): string[] {
  return [...findNameClashes(primitives), ...findCycles(primitives)];
}

function findNameClashes(primitives: Primitive[]): string[] {
  const problems: string[] = [];
  const owners = new Map<string, string>();
  for (const primitive of primitives) {
    for (const claimed of primitive._claimedNames()) {
      const owner = owners.get(claimed);
      const name = claimed.split(' ')[1];
      if (owner === undefined) owners.set(claimed, primitive.node.path);
      else problems.push(`${placeOf(primitive.node.path)}: the name '${name}' is taken by ${placeOf(owner)}; choose another id or set 'name'`);
    }
  }
  return problems;
}

/** Kahn's algorithm: what cannot be put in an order is on, or behind, a cycle. */
function findCycles(primitives: Primitive[]): string[] {
  const waitsFor = new Map<Primitive, Set<Primitive>>(primitives.map(primitive => [primitive, new Set(primitive.startsAfter)]));
  const waiting = new Map([...waitsFor].map(([primitive, others]) => [primitive, others.size]));
  const dependants = new Map<Primitive, Primitive[]>();
  for (const [primitive, others] of waitsFor) {
    for (const other of others) {
      const known = dependants.get(other);
      if (known) known.push(primitive);
      else dependants.set(other, [primitive]);
    }
  }
  const ready = primitives.filter(primitive => waiting.get(primitive) === 0);
  for (let next = ready.pop(); next; next = ready.pop()) {
    waiting.delete(next);
    for (const dependant of dependants.get(next) ?? []) {
      const left = waiting.get(dependant)! - 1;
      waiting.set(dependant, left);
      if (left === 0) ready.push(dependant);
    }
  }
  const start = [...waiting.keys()].sort((a, b) => byText(a.name, b.name))[0];
  if (!start) return [];
  const cycle = walkCycle(start, waitsFor, waiting);
  return [`${placeOf(cycle[0].node.path)}: the start order has a cycle: ${[...cycle, cycle[0]].map(each => each.name).join(' waits for ')}; `
    + "declare one of these connections with 'waits: false', or leave out one 'waitFor'"];
}

/** Follows unfinished dependencies from `start` until one comes again. */
function walkCycle(start: Primitive, waitsFor: Map<Primitive, Set<Primitive>>, unfinished: Map<Primitive, number>): Primitive[] {
  const walked: Primitive[] = [];
  let current = start;
  while (!walked.includes(current)) {
    walked.push(current);
    current = [...waitsFor.get(current)!].filter(other => unfinished.has(other)).sort((a, b) => byText(a.name, b.name))[0];
  }
  return walked.slice(walked.indexOf(current));
}
