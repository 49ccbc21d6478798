// The programs in README.md and docs/*.md, so that they can be checked and run.
import * as conduit from 'cdk8s-conduit';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as cdk8s from 'cdk8s';
import { load, loadAll } from 'js-yaml';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** A program in a page, with the excerpts of its output that the page shows below it. */
export interface Snippet {
  /** Page and number of the line on which the program begins. */
  readonly place: string;
  readonly code: string;
  /** Blocks of YAML that begin with `# Kubernetes` or `# Compose`. */
  readonly excerpts: { readonly target: string; readonly yaml: string }[];
}

/** Pages with programs. */
export const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)];

/**
 * All programs of a page. What a comment `<!-- before: … -->` directly above a program holds is put before it,
 * for declarations that a reader need not see again.
 */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found: Snippet[] = [];
  for (const match of text.matchAll(/(?:<!-- before:\n([\s\S]*?)-->\n\n?)?^```(ts|yaml)\n([\s\S]*?)^```$/gm)) {
    const [, before = '', language, code] = match;
    const [, target] = /^# (Kubernetes|Compose)\n/.exec(code) ?? [];
    if (language === 'ts') found.push({ place: `${page}:${text.slice(0, match.index).split('\n').length}`, code: before + code, excerpts: [] });
    else if (target) found[found.length - 1].excerpts.push({ target, yaml: code });
  }
  return found;
}

/** What the compiler says about the programs, under the options of the tests. */
export function compile(snippets: Snippet[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'test/tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, 'test'));
  const texts = new Map(snippets.map(({ place, code }) => [join(ROOT, 'test/docs', `${place.replace(/\W/g, '-')}.ts`), `${code}\nexport {};\n`]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = name => texts.has(name) || fileExists(name);
  host.readFile = name => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => texts.has(name) ? ts.createSourceFile(name, texts.get(name)!, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  // a page may name what only its reader goes on with
  const program = ts.createProgram([...texts.keys()], { ...options, noUnusedLocals: false, noEmit: true, isolatedModules: false }, host);
  return [...texts.keys()].flatMap(name => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
    .map(({ file, start, messageText }) => `${file?.fileName.slice(ROOT.length)}:${start === undefined ? '' : file?.getLineAndCharacterOfPosition(start).line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

/** Output of all applications that a program defines. */
export interface Output { readonly objects: any[]; readonly compose: any[] }

/** Runs a program, with its output in a directory that is removed afterwards, and lowers its applications to both targets. */
export function run({ code }: Snippet): Output {
  const applications: conduit.Application[] = [];
  const charts: conduit.KubernetesChart[] = [];
  class Application extends conduit.Application {
    public constructor(...args: ConstructorParameters<typeof conduit.Application>) {
      super(...args);
      applications.push(this);
    }
  }
  class KubernetesChart extends conduit.KubernetesChart {
    public constructor(...args: ConstructorParameters<typeof conduit.KubernetesChart>) {
      super(...args);
      charts.push(this);
    }
  }
  const modules: Record<string, unknown> = { 'cdk8s-conduit': { ...conduit, Application, KubernetesChart }, cdk8s };
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const directory = mkdtempSync(join(tmpdir(), 'snippet-'));
  const [outdir, cwd] = [process.env.CDK8S_OUTDIR, process.cwd()];
  process.env.CDK8S_OUTDIR = 'dist';
  process.chdir(directory);
  try {
    let tests = 0; // which look at the output by themselves
    const runTest = (_name: string, check: () => void) => { tests++; check(); };
    new Function('require', 'exports', 'test', outputText)((name: string) => modules[name] ?? jest.requireActual(name), {}, runTest);
    if (tests > 0) return { objects: [], compose: [] };
    return {
      objects: charts.length > 0 ? charts.flatMap(chart => chart.toJson())
        : applications.flatMap(application => conduit.TestOutput.of(application, conduit.KubernetesChart.target()).documents),
      compose: applications.map(application => conduit.TestOutput.of(application, conduit.ComposeProject.target()).document),
    };
  } finally {
    if (outdir === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = outdir;
    process.chdir(cwd);
    rmSync(directory, { recursive: true });
  }
}

/** Excerpts that are not part of the output. */
export function untrue({ excerpts }: Snippet, output: Output): string[] {
  return excerpts.filter(({ target, yaml }) => target === 'Kubernetes'
    ? !loadAll(yaml).every(part => output.objects.some(object => isPart(part, object)))
    : !output.compose.some(compose => isPart(load(yaml), compose))).map(({ yaml }) => yaml);
}

/** Whether everything in `part` is in `whole`; of lists, some elements. */
function isPart(part: any, whole: any): boolean {
  if (Array.isArray(part)) return Array.isArray(whole) && part.every(element => whole.some(each => isPart(element, each)));
  if (part === null || typeof part !== 'object') return part === whole;
  return whole !== null && typeof whole === 'object' && Object.entries(part).every(([key, value]) => isPart(value, whole[key]));
}
