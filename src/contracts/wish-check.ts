import type { IBrokerFactory } from './broker-contract';
import { outputsOf } from './output';
import { Setting } from './setting';
import type { Wish, Wished } from './wishes';
import { SupportLevel } from '../brokers/semantics';
import { Problems } from '../private/problems';

const WORDS: Record<Wished['place'], string> = {
  queue: 'a queue',
  sending: 'a grant to send',
  receiving: 'a grant to receive',
  topic: 'a topic',
  subscription: 'a subscription',
  stream: 'a stream',
  reading: 'a grant to read',
};

/** What became of one declaration. */
interface Outcome extends Wished {
  /** What all targets together make of it; undefined if it was refused. */
  readonly output?: string;
  /** Why it was refused. */
  readonly refusal: string;
  /** Beginning of the construct paths that a refusal may name. */
  readonly path: string;
}

/** @throws unless what is asked for is refused with all that the program has to know, or makes a difference. */
export function checkWish(factory: IBrokerFactory, { property, semantic, asking, others, needsNodes }: Wish): void {
  const { broker } = new Setting(factory);
  const problems = new Problems(`contract of ${broker.product}`);
  // a kind that is refused as a whole is judged elsewhere
  const outcomes = asking.map(wished => declare(factory, wished)).filter(({ kind, refusal }) =>
    refusal === '' || refusal !== declare(factory, { kind, place: kind, props: {} }).refusal);
  const accepted = outcomes.filter(isAccepted);
  const support = semantic && broker.support(semantic);
  if (support?.level === SupportLevel.REFUSED) {
    const sentence = `${property} (${semantic}) cannot be had on ${broker.product}: ${support.how}`;
    for (const { refusal, path, ...wished } of outcomes) {
      problems.require(refusal.split('\n').some(line => line.startsWith(path) && line.includes(`${sentence}; `)),
        `${describe(wished)} must be refused with '${path}: ${sentence}', got ${refusal ? `'${refusal}'` : 'no refusal'}`);
    }
  } else {
    for (const { refusal, path, ...wished } of outcomes.filter(outcome => !isAccepted(outcome))) {
      problems.require(refusal.startsWith(path) && Object.keys(wished.props).some(name => refusal.includes(`'${name}`)),
        `${describe(wished)} must be accepted, or refused with '${path}' and the name of the property, got '${refusal}'`);
    }
    problems.require(accepted.length > 0 || needsNodes || semantic === undefined,
      `'${semantic}' is said to be possible, but whatever asks for it is refused: ${outcomes.map(({ refusal }) => `'${refusal}'`).join(', ')}`);
  }
  requireDifferences([...accepted, ...others.map(wished => declare(factory, wished)).filter(isAccepted)], accepted.length, problems);
  problems.throwIfAny();
}

/** Notes which of the first outcomes are the same as another one of the same place. */
function requireDifferences(outcomes: Outcome[], first: number, problems: Problems): void {
  outcomes.slice(0, first).forEach((one, index) => outcomes.slice(index + 1).filter(({ place }) => place === one.place).forEach(other => {
    problems.require(one.output !== other.output, `${describe(one)} must make a difference, but gives the same output as ${describe(other)}`);
  }));
}

function isAccepted({ output }: Outcome): boolean {
  return output !== undefined;
}

function declare(factory: IBrokerFactory, wished: Wished): Outcome {
  const setting = new Setting(factory);
  const path = setting.pathOf({ queue: 'orders', topic: 'news', stream: 'log' }[wished.kind]);
  try {
    for (const grant of setting.declare(wished.kind, { [wished.place]: wished.props })) grant();
  } catch (error) {
    return { ...wished, path, refusal: (error as Error).message };
  }
  return { ...wished, path, refusal: '', output: outputsOf(setting.application).map(({ text }) => text).join('\n') };
}

function describe({ place, props }: Wished): string {
  const values = Object.entries(props).map(([name, value]) => `${name}: ${describeValue(value)}`);
  return `${WORDS[place]} ${values.length > 0 ? `with { ${values.join(', ')} }` : 'with nothing further'}`;
}

function describeValue(value: any): string {
  if (typeof value?.toMilliseconds === 'function') return `${value.toMilliseconds()} ms`;
  if (typeof value?.toMebibytes === 'function') return `${value.toMebibytes()} MiB`;
  return JSON.stringify(value) ?? 'undefined';
}
