import { describeGap, Gap, gapsOf, renderProof, stillClaimed } from './proof-page';
import { CurrentSuite, inputsOf, ProofRecord } from './proof-records';

const claim = (title: string) => ({ subject: 'a queue', claim: title });

const record = (more: Partial<ProofRecord> = {}): ProofRecord => ({
  suite: 'test/live/queue.test.ts',
  engine: 'Compose',
  versions: 'Docker Engine 28.0.0',
  date: '2026-11-26',
  inputs: { 'test/live/queue.test.ts': 'a', 'examples/04-work-queue': 'b' },
  shown: [claim('keeps a message'), claim('counts deliveries')],
  ...more,
});

const suite = (more: Partial<CurrentSuite> = {}): CurrentSuite => ({
  suite: 'test/live/queue.test.ts',
  engine: 'Compose',
  inputs: { 'test/live/queue.test.ts': 'a', 'examples/04-work-queue': 'b' },
  claims: [claim('keeps a message'), claim('counts deliveries')],
  ...more,
});

describe('what has changed since a suite ran', () => {
  const changedOf = (inputs: Record<string, string>) => gapsOf([record()], [suite({ inputs })]).flatMap(({ changed }) => changed);

  test('is nothing when all is as it was', () => {
    expect(gapsOf([record()], [suite()])).toEqual([]);
  });

  test('is told by name: the suite, and the output of an example', () => {
    expect(changedOf({ 'test/live/queue.test.ts': 'a', 'examples/04-work-queue': 'B' })).toEqual(['examples/04-work-queue']);
    expect(changedOf({ 'test/live/queue.test.ts': 'A', 'examples/04-work-queue': 'B' })).toEqual(['examples/04-work-queue', 'test/live/queue.test.ts']);
  });

  test('is also what it runs more, or no longer', () => {
    expect(changedOf({ 'test/live/queue.test.ts': 'a', 'examples/05-ecommerce': 'c' })).toEqual(['examples/04-work-queue', 'examples/05-ecommerce']);
  });

  test('is told for each engine', () => {
    const gaps = gapsOf([record()], [suite({ inputs: {} }), suite({ engine: 'Kubernetes' })]);
    expect(gaps.map(describeGap)).toEqual([
      'test/live/queue.test.ts on Compose: examples/04-work-queue, test/live/queue.test.ts changed since it ran; npx projen proof Compose test/live/queue.test.ts',
      'test/live/queue.test.ts on Kubernetes: never ran; npx projen proof Kubernetes test/live/queue.test.ts',
    ]);
  });
});

describe('the page', () => {
  const linesOf = (records: ProofRecord[], gaps: Gap[] = []) => renderProof(records, gaps).split('\n').filter(line => /^(\* (Compose|Kub)|## |\| a )/.test(line));

  test('says on which engines a claim was shown', () => {
    expect(linesOf([record(), record({ engine: 'Kubernetes', versions: 'Kubernetes 1.34.1', shown: [claim('keeps a message')] })])).toEqual([
      '## test/live/queue.test.ts',
      '* Kubernetes, 2026-11-26: Kubernetes 1.34.1',
      '* Compose, 2026-11-26: Docker Engine 28.0.0',
      '| a queue | keeps a message | ● | ● |',
      '| a queue | counts deliveries |  | ● |',
    ]);
  });

  test('says what has changed since', () => {
    const { suite: name, engine } = record();
    expect(linesOf([record()], [{ suite: name, engine, changed: ['examples/04-work-queue'] }])).toContain(
      '* Compose, 2026-11-26: Docker Engine 28.0.0. **Changed since:** examples/04-work-queue',
    );
  });

  test('says what never ran', () => {
    expect(linesOf([], [{ suite: 'test/live/new.test.ts', engine: 'Kubernetes' }])).toEqual(['## test/live/new.test.ts', '* Kubernetes: **never ran**']);
  });

  test('claims nothing that no test claims any more', () => {
    const [kept] = stillClaimed([record()], [suite({ claims: [claim('keeps a message')] })]);
    expect(kept.shown).toEqual([claim('keeps a message')]);
    expect(stillClaimed([record()], [suite({ claims: [claim('something else')] })])).toEqual([]);
    expect(stillClaimed([record()], [suite({ engine: 'Kubernetes' })])).toEqual([]);
  });
});

test('a suite runs itself, the modules in which its tests stand, and what examples become on its engine', () => {
  expect(Object.keys(inputsOf('test/live/work-queue.test.ts', 'Compose'))).toEqual(['test/live/work-queue.test.ts', 'examples/04-work-queue']);
  expect(Object.keys(inputsOf('test/live/kafka.test.ts', 'Compose')).slice(0, 2)).toEqual(['test/live/kafka.test.ts', 'test/live/brokers/contract.ts']);
  const [onCompose, onKubernetes] = (['Compose', 'Kubernetes'] as const).map(engine => inputsOf('test/live/work-queue.test.ts', engine));
  expect(onCompose['examples/04-work-queue']).not.toBe(onKubernetes['examples/04-work-queue']);
  expect(onCompose['test/live/work-queue.test.ts']).toBe(onKubernetes['test/live/work-queue.test.ts']);
});
