import type { IBrokerFactory } from './broker-contract';
import type { Declared, FeatureCase } from './feature-cases';
import { outputsOf } from './output';
import { problemsOf } from './server-statements';
import { Setting } from './setting';
import { ChannelKind, SupportLevel } from '../brokers/semantics';
import type { Problems } from '../private/problems';

const WORDS: Record<Declared['place'], string> = {
  queue: 'a queue',
  sending: 'a grant to send',
  receiving: 'a grant to receive',
  topic: 'a topic',
  subscription: 'a subscription',
  stream: 'a stream',
  reading: 'a grant to read',
};

/** What became of one declaration. */
interface Outcome extends Declared {
  /** What all targets together make of it; undefined if it was refused. */
  readonly output?: string;
  /** Why it was refused. */
  readonly refusal: string;
  /** Beginning of the construct paths that a refusal may name. */
  readonly path: string;
}

/** @throws unless what is asked for is refused with all that the program has to know, or makes a difference. */
export function checkFeature(factory: IBrokerFactory, feature: FeatureCase): void {
  const { property, semantic, asking, others, needsNodes } = feature;
  const setting = new Setting(factory);
  const problems = problemsOf(setting);
  const supportOf = (kind: ChannelKind) => semantic && setting.broker.support(semantic, kind);
  const isRefused = (kind: ChannelKind) => supportOf(kind)?.level === SupportLevel.REFUSED;
  // a kind that is refused as a whole is judged elsewhere
  const outcomes = asking.map(declared => declare(factory, declared)).filter(({ kind, refusal }) =>
    refusal === '' || refusal !== declare(factory, { kind, place: kind, props: {} }).refusal);
  const [refused, possible] = [true, false].map(wanted => outcomes.filter(({ kind }) => isRefused(kind) === wanted));
  for (const outcome of refused) requireRefusal(outcome, `${property} (${semantic}) cannot be had on ${setting.broker.product}: ${supportOf(outcome.kind)!.how}`, problems);
  for (const { refusal, path, ...declared } of possible.filter(outcome => !isAccepted(outcome))) {
    problems.check(refusal.includes(path) && Object.keys(declared.props).some(name => refusal.includes(`'${name}`)),
      `${describe(declared)} must be accepted, or refused with '${path}' and the name of the property, got '${refusal}'`);
  }
  const accepted = possible.filter(isAccepted);
  problems.check(accepted.length > 0 || possible.length === 0 || needsNodes || semantic === undefined,
    `'${semantic}' is said to be possible, but whatever asks for it is refused: ${possible.map(({ refusal }) => `'${refusal}'`).join(', ')}`);
  requireDifferences([...accepted, ...others.map(declared => declare(factory, declared)).filter(isAccepted)], accepted.length, problems);
  problems.throwIfAny();
}

/** Notes a refusal that does not say what the program has to know. */
function requireRefusal({ refusal, path, ...declared }: Outcome, sentence: string, problems: Problems): void {
  problems.check(refusal.split('\n').some(line => line.includes(path) && line.includes(`${sentence}; `)),
    `${describe(declared)} must be refused with '${path}: ${sentence}', got ${refusal ? `'${refusal}'` : 'no refusal'}`);
}

/** Notes which of the first outcomes are the same as another one of the same place. */
function requireDifferences(outcomes: Outcome[], first: number, problems: Problems): void {
  outcomes.slice(0, first).forEach((one, index) => outcomes.slice(index + 1).filter(({ place }) => place === one.place).forEach(other => {
    problems.check(one.output !== other.output, `${describe(one)} must make a difference, but gives the same output as ${describe(other)}`);
  }));
}

function isAccepted({ output }: Outcome): boolean {
  return output !== undefined;
}

function declare(factory: IBrokerFactory, declared: Declared): Outcome {
  const setting = new Setting(factory);
  const path = setting.pathOf({ queue: 'orders', topic: 'news', stream: 'log' }[declared.kind]);
  try {
    for (const grant of setting.declare(declared.kind, { [declared.place]: declared.props })) grant();
    setting.application.check(); // tells what was kept
  } catch (error) {
    return { ...declared, path, refusal: (error as Error).message };
  }
  return { ...declared, path, refusal: '', output: outputsOf(setting.application).map(({ text }) => text).join('\n') };
}

function describe({ place, props }: Declared): string {
  const values = Object.entries(props).map(([name, value]) => `${name}: ${describeValue(value)}`);
  return `${WORDS[place]} ${values.length > 0 ? `with { ${values.join(', ')} }` : 'with nothing further'}`;
}

function describeValue(value: any): string {
  if (typeof value?.toMilliseconds === 'function') return `${value.toMilliseconds()} ms`;
  if (typeof value?.toMebibytes === 'function') return `${value.toMebibytes()} MiB`;
  return JSON.stringify(value) ?? 'undefined';
}
