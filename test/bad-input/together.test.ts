// All problems of a whole program are told together, before anything is written, whoever asks for output.
import { Application, ComposeProject, ITarget, KubernetesChart, SinglePassApp, SwarmStack, Targets, TestOutput, Topology } from 'cdk8s-conduit';
import { existsSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { WRONG_PARTS, WrongPart } from './wrong-parts';
import { problemsOf } from '../whole-program';

/** A program with some of the parts, each in a scope of its own, which has the same name in every program. */
function programOf(parts: WrongPart[]): Application {
  const shop = new Application('shop');
  for (const part of parts) part.build(new Construct(shop, `p${WRONG_PARTS.indexOf(part)}`));
  return shop;
}

const problemsWith = (...parts: WrongPart[]) => problemsOf(programOf(parts)).sort();

/** What is said of each part where nothing else is wrong. */
const alone = new Map<WrongPart, string[]>();
beforeAll(() => { for (const part of WRONG_PARTS) alone.set(part, problemsWith(part)); });
const expected = (...parts: WrongPart[]) => parts.flatMap(part => alone.get(part)!).sort();

test('each wrong value is told once, by where it stands, with what was given, and with nothing that only follows from it', () => {
  const others = WRONG_PARTS.filter(part => {
    const [problem = '', ...more] = alone.get(part)!;
    return more.length > 0 || !new RegExp(`^(shop/p${WRONG_PARTS.indexOf(part)}/[^:]+|image catalogue): .*[a-z]`, 'u').test(problem);
  }).map(part => `${part.kind}, ${part.what}: ${alone.get(part)!.join(' | ') || 'accepted'}`);
  expect(others).toEqual([]);
  expect(WRONG_PARTS.length).toBeGreaterThan(500);
});

test('two wrong parts of one program, of different kinds, are told together', () => {
  const differing = WRONG_PARTS.flatMap((one, index) => [97, 211].flatMap(step => {
    const other = WRONG_PARTS[(index + step) % WRONG_PARTS.length];
    const found = problemsWith(one, other);
    return other.kind === one.kind || found.join('\n') === expected(one, other).join('\n') ? [] : [`${one.kind}, ${one.what}; ${other.kind}, ${other.what}: ${found.join(' | ')}`];
  }));
  expect(differing).toEqual([]);
});

test('all wrong parts of one program are told together', () => {
  expect(problemsWith(...WRONG_PARTS)).toEqual(expected(...WRONG_PARTS));
});

describe('no output is made of a program in which something is wrong', () => {
  const kinds = [...new Set(WRONG_PARTS.map(({ kind }) => kind))];
  const oneOf = (kind: string) => WRONG_PARTS.find(part => part.kind === kind)!;
  /** A target of somebody else's. */
  const paper: ITarget = {
    name: 'Paper',
    runs: false,
    deviations: [],
    render: application => {
      const seen: string[] = [];
      const note = ({ node }: Construct) => { seen.push(node.path); };
      application.lower({
        lowerWorkload: note, lowerTask: note, lowerVolume: note, lowerConfigFile: note, lowerSecret: note, lowerScaling: note, lowerNetwork: note, lowerLoadBalancer: note,
      });
      return { files: { 'paper.txt': seen.join('\n') }, fidelity: [] };
    },
  };
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'wrong-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  /** Every way to output. */
  const ways: Record<string, (application: Application, directory: string) => unknown> = {
    'a target': application => Targets.all.forEach(target => target.render(application)),
    ...Object.fromEntries([...Targets.all, paper].map(target => [`the output of ${target.name} for tests`, (application: Application) => TestOutput.of(application, target)])),
    'a Compose project': (application, directory) => new ComposeProject(application, { directory }).save(),
    'a stack': (application, directory) => new SwarmStack(application, { directory }).save(),
    'a picture': (application, directory) => new Topology(application, { directory }).save(),
    'a chart': (application, outdir) => {
      const app = new App({ outdir });
      new KubernetesChart(app, 'shop', { application });
      app.synth();
    },
  };

  test.each(kinds)('of %s', kind => {
    const application = programOf([oneOf(kind)]);
    for (const [way, write] of Object.entries(ways)) {
      const directory = join(folder, way.replace(/\W/g, '-'));
      expect(() => write(application, directory)).toThrow(expected(oneOf(kind)).join('\n'));
      expect(existsSync(directory)).toBe(false);
    }
  });

  test.each<[string, (outdir: string) => App]>([['App', outdir => new App({ outdir })], ['SinglePassApp', outdir => new SinglePassApp({ outdir })]])(
    'by an %s whose chart was refused, though the program went on', (_, make) => {
      const outdir = join(folder, 'dist');
      const app = make(outdir);
      expect(() => new KubernetesChart(app, 'shop', { application: programOf([oneOf('Workload')]) })).toThrow();
      expect(() => app.synth()).toThrow('the chart was refused when it was made, so nothing can be written');
      expect(existsSync(join(outdir, 'shop.k8s.yaml'))).toBe(false);
    });

  test('nor after a target has asked, when it is too late to tell all together', () => {
    const shop = programOf([]);
    shop.check();
    expect(() => shop.images.register({ name: 'x', reference: 'x', uid: 1, gid: 1, tools: [] })).toThrow(/^image catalogue: the reference of 'x' must have a tag/);
    expect(() => new Construct(shop, 'late')).toThrow();
  });
});
