// The contracts find what is wrong: targets that are right but for one thing.
import {
  Application, ComposeProject, ContainerFacts, ContractException, FidelityEntry, FidelityLevel, IContractCase, IProgramFacts, IProgramReader,
  ITarget, KubernetesChart, ProgramContract, TargetContract, TestOutput, Workload,
} from 'cdk8s-conduit';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { READERS } from '../../src/contracts/targets/readers';
import { Sample } from '../../src/contracts/targets/sample';
import { COMPOSE_DEVIATIONS } from '../../src/targets/compose/deviations';
import { Graphviz } from '../package/src/graphviz';

/** What a contract finds; undefined if nothing. */
function judge(cases: IContractCase[], statement: string): string | undefined {
  const found = cases.filter(each => each.statement === statement);
  if (found.length !== 1) throw new Error(`${found.length} cases are '${statement}'`);
  try {
    found[0].check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const compose = ComposeProject.target();
const graphviz = new Graphviz();
const { name, runs, deviations } = graphviz;
const [OMITTED] = deviations;

let counter = 0;
beforeEach(() => { counter = 0; });

/** A target that writes something else than it should. */
const writes = (change: (text: string, application: Application) => string): Partial<ITarget> => ({
  render: application => {
    const { files, fidelity } = graphviz.render(application);
    return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text, application)])), fidelity };
  },
});

/** A target whose files have another path. */
const writesTo = (path: string): Partial<ITarget> => ({
  render: application => ({ ...graphviz.render(application), files: { [path]: 'digraph {}' } }),
});

/** A target that says something else of constructs. */
const says = (change: (fidelity: FidelityEntry[]) => FidelityEntry[]): Partial<ITarget> => ({
  render: application => {
    const { files, fidelity } = graphviz.render(application);
    return { files, fidelity: change(fidelity) };
  },
});

/** A target that throws for what a graph shows. */
const refuses = (what: RegExp, message: (paths: string[]) => string): Partial<ITarget> => ({
  render: application => {
    const paths = application.node.findAll().map(({ node }) => node.path).filter(path => what.test(path));
    if (paths.length > 0) throw new Error(message(paths));
    return graphviz.render(application);
  },
});

/** Writes where cdk8s does. */
function write(): void {
  const { CDK8S_OUTDIR = 'dist' } = process.env;
  mkdirSync(CDK8S_OUTDIR, { recursive: true });
  writeFileSync(join(CDK8S_OUTDIR, 'graph.dot'), '');
}

const withoutLines = (pattern: RegExp) => writes(text => text.split('\n').filter(line => !pattern.test(line)).join('\n'));
const elementStatement = (what: string) => `${what} is shown, left out with a reason, or refused with path, reason and remedy`;

const DESCRIPTION = 'it has a name, and states each difference with a feature, a level and a reason';
const FILES = 'it writes files of its own, below the directory that cdk8s writes to';
const FIDELITY = 'it says of each primitive how truly it is done';
const PROBLEMS = 'it refuses an application with problems, with all of them';
const WRITING = 'it leaves it to others to write files';

test.each<[string, string, Partial<ITarget>, string]>([
  ['that has no name', DESCRIPTION, { name: ' ' }, "'name' must be what people call the target, got ' '"],
  ['that does not say whether it runs', DESCRIPTION, { runs: undefined }, "'runs' must be true or false, got undefined"],
  ['that leaves things out although programs run by it', DESCRIPTION, { runs: true }, "the level of 'config files and secrets' must be emulated or refused, got omitted"],
  ['that gives no reason', DESCRIPTION, { deviations: [{ ...OMITTED, reason: '' }] }, "a difference must have a feature and a reason, got 'config files and secrets' and ''"],
  ['that refuses without a remedy', DESCRIPTION, { deviations: [{ ...OMITTED, level: FidelityLevel.REFUSED }] }, "'config files and secrets' is refused, so it must have a remedy"],
  ['that states a difference twice', DESCRIPTION, { deviations: [OMITTED, { ...OMITTED, reason: 'another' }] }, 'got ["config files and secrets"] instead of []'],
  ['that writes nothing', FILES, { render: application => ({ ...graphviz.render(application), files: {} }) }, 'it writes no file'],
  ['that writes elsewhere', FILES, writesTo('../graph.dot'), "a path must lead below the directory, got '../graph.dot'"],
  ['that writes to the root', FILES, writesTo('/graph.dot'), "a path must lead below the directory, got '/graph.dot'"],
  ['that writes where another one does', FILES, writesTo('compose/compose.yml'), 'Compose writes compose/compose.yml, too'],
  ['that writes something else each time', 'it gives the same output for the same program, however often it is written', writes(text => `${text}// ${counter++}`), 'in graphviz/contract.dot there is …'],
  ['that says something else each time', 'it gives the same output for the same program, however often it is written',
    says(fidelity => fidelity.slice(counter++ % 2)), 'in fidelity there is …[{"path":"contract/'],
  ['that lists things as they come', 'it gives the same output in whatever order a program defines things',
    writes((text, { node }) => `${text}// ${node.findAll().map(({ node: { id } }) => id)}`), 'in graphviz/contract.dot there is …'],
  ['that changes what a container may use', 'it changes nothing of the application', {
    render: application => {
      for (const each of application.node.findAll()) if (each instanceof Workload) Object.assign(each.main.resources, { memoryLimit: 1 });
      return graphviz.render(application);
    },
  }, 'in contract.k8s.yaml there is …'],
  ['that says nothing of files', FIDELITY, says(fidelity => fidelity.filter(({ path }) => !path.endsWith('-file'))), 'got ["contract/e3-file"] instead of []'],
  ['that lists constructs as they come', FIDELITY, says(fidelity => [...fidelity].reverse()), 'got ["contract/task"'],
  ['that does not state what it says', FIDELITY, { deviations: [] }, "of contract/e3-file it says 'config files and secrets' (omitted), which it does not state"],
  ['that gives a reason for what is exact', FIDELITY, says(fidelity => fidelity.map(entry => ({ ...entry, reason: 'why not' }))), "of contract/client it says 'undefined' (exact)"],
  ['that takes an application with problems', PROBLEMS, { render: () => ({ files: { a: '' }, fidelity: [] }) }, "got nothing instead of \"application 'contract' has 2 problems:"],
  ['that tells but one problem', PROBLEMS, {
    render: application => {
      try {
        application.check();
      } catch (error) {
        throw new Error((error as Error).message.split('\n')[1]);
      }
      return graphviz.render(application);
    },
  }, 'got "contract/unknown: unknown placeholder'],
  ['that writes files', WRITING, { render: application => { write(); return graphviz.render(application); } }, 'got ["graph.dot"] instead of []'],
  ['that writes files before it refuses', WRITING, {
    render: application => {
      if (application.node.tryFindChild('unused')) write();
      return graphviz.render(application);
    },
  }, 'got ["graph.dot"] instead of []'],
  ['that forgets tasks', elementStatement('a task'), withoutLines(/shape=cds/), 'contract/one-task is neither shown nor reported as left out'],
  ['that forgets networks', elementStatement('a network'), withoutLines(/network/), 'contract/other-network is neither shown nor reported as left out'],
  ['that forgets secrets', elementStatement('a secret'), says(fidelity => fidelity.map(({ path }) => ({ path, level: FidelityLevel.EXACT }))), 'contract/one-secret is neither shown'],
  ['that forgets what tasks connect to', elementStatement('a connection of a task'), withoutLines(/"task" -> "server"/), 'contract/task is neither shown'],
  ['that forgets UDP', elementStatement('a connection by UDP'), withoutLines(/UDP/), 'contract/client is neither shown'],
  ['that forgets what is outside', elementStatement('a connection to an external endpoint'), withoutLines(/example\.com/), 'contract/server is neither shown'],
  ['that forgets who reads', elementStatement('storage that another workload reads'), withoutLines(/volume shared/), 'contract/shared is neither shown'],
  ['that refuses without a reason', elementStatement('a volume'), refuses(/-volume$/, ([path]) => `${path}: no volumes`),
    "'contract/one-volume: no volumes' is no refusal with a path, and feature, reason and remedy that the target states"],
  ['that refuses one thing at a time', elementStatement('a volume'), {
    deviations: [{ level: FidelityLevel.REFUSED, feature: 'storage', reason: 'a graph has none', remedy: 'leave it out' }],
    ...refuses(/-volume$/, ([path]) => `${path}: storage cannot be had on Graphviz: a graph has none; leave it out`),
  }, 'got ["contract/other-volume"] instead of []'],
  ['that refuses what it should take', 'several replicas is taken, or refused with path, reason and remedy', refuses(/-server$/, () => 'no'), "'no' is no refusal"],
])('a target %s is found out', (_, statement, change, message) => {
  const render = (application: Application) => graphviz.render(application);
  expect(judge(TargetContract.cases(graphviz), statement)).toBeUndefined();
  expect(judge(TargetContract.cases({ name, runs, deviations, render, ...change }), statement)).toContain(message);
});

const bare = graphviz.render(new Sample().application);
const elementCases = (change: Partial<ITarget>) =>
  TargetContract.cases({ name, runs, deviations, render: application => graphviz.render(application), ...change })
    .filter(({ statement }) => statement.endsWith('with path, reason and remedy'));

test('a target that refuses everything, and gives no reason, is found out by each thing that it refuses', () => {
  const plain = JSON.stringify(compose.render(new Sample().application));
  const cases = elementCases({
    render: application => {
      if (JSON.stringify(compose.render(application)) !== plain) throw new Error('no');
      return bare;
    },
  });
  expect(cases.length).toBeGreaterThan(25);
  for (const { statement } of cases) expect(judge(cases, statement)).toContain("'no' is no refusal");
});

test('a target that draws the same picture of everything is found out by each thing that it does not show', () => {
  const cases = elementCases({ render: () => bare }).filter(({ statement }) => statement.includes('is shown'));
  expect(cases.length).toBeGreaterThan(10);
  for (const { statement } of cases) expect(judge(cases, statement)).toContain('is neither shown nor reported as left out');
});

/** What reads Compose files, and sees something of containers, or else, in another way. */
const sees = (container: Partial<ContainerFacts>, others: Partial<IProgramFacts> = {}): IProgramReader => ({
  read: (output: TestOutput) => {
    const facts = READERS.Compose.read(output);
    return {
      container: (...args) => ({ ...facts.container(...args), ...container }),
      replicas: workload => facts.replicas(workload),
      sharesAddress: (...args) => facts.sharesAddress(...args),
      reaches: (...args) => facts.reaches(...args),
      reachesExternal: (...args) => facts.reachesExternal(...args),
      reachedFrom: (...args) => facts.reachedFrom(...args),
      resolves: (...args) => facts.resolves(...args),
      storage: storage => facts.storage(storage),
      ...others,
    };
  },
});

/** A program that each statement finds wrong, by what of it is wrong. */
const WRONG: Record<string, IProgramReader> = {
  'all that a container is given': sees({
    image: 'other:1',
    command: ['other'],
    args: ['other'],
    env: { OTHER: '1' },
    uid: 0,
    gid: 0,
    readOnlyRoot: false,
    privileged: true,
    writablePaths: ['/'],
    files: {},
    secrets: {},
    mounts: {},
    health: undefined,
    resources: {},
    sharesGroup: false,
    stopSignal: 'SIGKILL',
    stopSeconds: 1,
    restart: undefined,
    retries: 99,
    startsAfter: ['other/main healthy'],
  }),
  'all that the network does': sees({}, {
    replicas: () => 7,
    sharesAddress: () => false,
    reaches: () => false,
    reachesExternal: () => false,
    reachedFrom: () => false,
    resolves: () => [],
    storage: () => ({ persistent: false }),
  }),
  'all that the network does not': sees({}, { reaches: () => true, reachesExternal: () => true, reachedFrom: () => true }),
  'storage that is one for all': sees({ mounts: { '/scratch': { storage: 'x', directory: '', readOnly: false }, '/shared': { storage: 'x', directory: '', readOnly: false }, '/data': { storage: 'x', directory: '', readOnly: false } } }),
  'storage that stays': sees({}, { storage: () => ({ persistent: true }) }),
};

test('whoever runs programs otherwise is found out by each statement', () => {
  const statements = ProgramContract.cases(compose, READERS.Compose).map(({ statement }) => statement).filter(statement => !statement.startsWith('each exception'));
  const unnoticed = statements.filter(statement =>
    Object.values(WRONG).every(reader => judge(ProgramContract.cases(compose, reader), statement) === undefined));
  expect(statements.length).toBeGreaterThan(50);
  expect(unnoticed).toEqual([]);
});

test.each<[string, string, string]>([
  ['an image', 'a container runs its image', 'contract of Compose: \'a container runs its image\' does not hold: got "other:1" instead of "example.test:5000/a/b:1.2.3"'],
  ['an order of the start', 'a client starts after the server is healthy', 'got ["other/main healthy"] instead of ["b/main healthy"]'],
])('the contract says what it found: %s', (_, statement, message) => {
  expect(judge(ProgramContract.cases(compose, WRONG['all that a container is given']), statement)).toContain(message);
});

describe('an exception', () => {
  const EXCEPTIONS = 'each exception is of a statement, and states a difference that the target states';
  const cases = (exception: ContractException) => ProgramContract.cases(compose, READERS.Compose, [exception]);
  const { wayOut: deviation } = COMPOSE_DEVIATIONS;

  test('passes as long as its statement does not hold', () => {
    const statement = 'a connection to an external endpoint opens that address and port alone';
    expect(judge(cases({ deviation, statements: [statement] }), `${statement} (not so: ${deviation.reason})`)).toBeUndefined();
  });

  test('fails when its statement holds after all', () => {
    const statement = 'a container runs its image';
    expect(judge(cases({ deviation, statements: [statement] }), `${statement} (not so: ${deviation.reason})`))
      .toBe("contract of Compose: 'a container runs its image' holds; leave out the exception");
  });

  test('is of a statement that there is', () => {
    expect(judge(cases({ deviation, statements: ['pigs fly'] }), EXCEPTIONS)).toContain('got ["pigs fly"] instead of []');
  });

  test('has a reason that the target states', () => {
    const [foreign] = KubernetesChart.target().deviations;
    expect(judge(cases({ deviation: foreign, statements: [] }), EXCEPTIONS)).toContain(`the target does not state '${foreign.feature}'`);
  });
});
