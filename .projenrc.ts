import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, extname, join } from 'path';
import { gzipSync } from 'zlib';
import { cdk8s, TextFile } from 'projen';
import { NodePackageManager, UpdateSnapshot } from 'projen/lib/javascript';

const jestProject = (displayName: string, testMatch: string[], more: object = {}) => ({
  displayName,
  testMatch: testMatch.map(pattern => `<rootDir>/test/${pattern}`),
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', transpilation: true }],
    '/node_modules/unbash/.+\\.js$': ['ts-jest', { tsconfig: { allowJs: true, module: 'commonjs', target: 'es2022' }, transpilation: true }], // is no CommonJS
  },
  transformIgnorePatterns: ['/node_modules/(?!unbash/)'],
  moduleNameMapper: { '^cdk8s-conduit$': '<rootDir>/src' },
  clearMocks: true,
  runner: '<rootDir>/test/runner.js',
  ...more,
});
const NONE = { suites: [] as string[], atOnce: 0 };
const liveProject = (displayName: string, conduitEngine: string, testMatch: string[], conduitAtOnce = 1, conduitBeside = NONE) =>
  jestProject(displayName, testMatch, { globals: { conduitEngine, conduitAtOnce, conduitBeside } });
/** Suites of Compose beside which others may run: no other has applications of those names, from which subnets follow, and they publish nothing. */
const BESIDE = ['daily-use', 'health-answers', 'kafka', 'nats', 'rabbit-mq', 'redis-streams'];
/** Suites that show on a cluster what CI shows on Compose: examples run on each broker there, and a cluster has one network for all pairs. */
const REPEATED = 'kafka|managed-broker|many-pairs|nats|rabbit-mq|redis';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-conduit',
  description: 'Containers that talk: one program becomes Kubernetes manifests and a Compose project that really connect them.',
  author: 'cdk8s-conduit authors',
  authorAddress: 'maintainers@cdk8s-conduit.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-conduit/cdk8s-conduit.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-conduit authors',
  keywords: ['cdk8s', 'kubernetes', 'compose', 'rabbitmq', 'service-discovery', 'sidecar'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~5.9.3',

  cdk8sVersion: '2.70.0',
  constructsVersion: '10.4.0',
  peerDeps: ['cdk8s-plus-27@^2.9.0'],
  bundledDeps: ['@dagrejs/dagre@3.1.3', 'js-yaml@4.3.2', 'node-forge@1.4.3'],
  devDeps: ['@types/js-yaml@^4', '@types/node-forge@^1', 'ajv@^8', 'cdk8s-cli@2.207.60', 'esbuild@0.28.2', 'fast-check@^4', 'linkedom@0.18.12', 'unbash@6.0.4', 'yaml@^2'],
  bin: { 'cdk8s-conduit': 'lib/cli/cdk8s-conduit.js' },

  // what projen would make and nobody here uses
  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
  docgen: true,

  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench'], commandOptions: { fix: false } },
  jestOptions: {
    updateSnapshot: UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      testSequencer: '<rootDir>/test/sequencer.js',
      testTimeout: 60_000, // in a project of its own it would be ignored
      projects: [
        jestProject('unit', ['**/*.test.ts'], { testPathIgnorePatterns: ['/node_modules/', '/test/live/', '/test/cluster/'] }),
        // one live suite runs on each engine
        liveProject('compose', 'Compose', ['live/*.test.ts', 'live/compose/*.test.ts'], 1, { suites: BESIDE, atOnce: 2 }),
        liveProject('kubernetes', 'Kubernetes', [`live/!(${REPEATED}).test.ts`, 'cluster/!(scaling-by-lag|two-nodes|gateway).test.ts'], 3), // each in namespaces of its own
        // take so long that only `projen proof` runs them
        liveProject('compose proof', 'Compose', ['live/@(brokers|clusters|engine|proxies)/*.test.ts']),
        liveProject('kubernetes proof', 'Kubernetes', ['live/@(brokers|clusters|proxies)/*.test.ts', `live/@(${REPEATED}).test.ts`, 'cluster/@(scaling-by-lag|two-nodes|gateway).test.ts']),
        // whether docs/proof.md is true: in CI, by `projen proof:check` and before a release
        jestProject('proof', ['docs/proof.check.ts']),
      ],
    },
  },
  tsconfigDev: {
    compilerOptions: { paths: { 'cdk8s-conduit': ['../src'] }, skipLibCheck: true },
    include: ['../examples/**/*.ts', '../bench/**/*.ts'],
  },
  gitignore: ['/dist/', '/examples/*/dist/'],
});

for (const unused of ['jsii-diff', 'jsii-pacmak']) project.deps.removeDependency(unused);
for (const path of ['/examples/', '/bench/', '/docs/', '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/.ci/']) project.npmignore!.exclude(path);

// a list that only gets shorter: what two branches took out is taken out by the next run of sentences.ts
project.gitattributes.addAttributes('/test/docs/long-sentences.txt', 'merge=union');

// in November 2026 most of the packages that 1.13.0 asks for could not be had, so that nobody could install from a lock file
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

// inside the repository, too, examples import the library by its name
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './.jsii': './.jsii',
  './package.json': './package.json',
});

// examples, benches and tests are one TypeScript project; the nearest file is not always its configuration
project.tryFindObjectFile('.eslintrc.json')!.addOverride('parserOptions', {
  ecmaVersion: 2022, sourceType: 'module', projectService: undefined, project: ['./tsconfig.json', './test/tsconfig.json', './projenrc/tsconfig.json'],
});

// the library's own name resolves through tsconfig, whether or not it was compiled
project.tryFindObjectFile('.eslintrc.json')!.addOverride('settings.import/core-modules', ['cdk8s-conduit']);

// the layers of ARCHITECTURE.md: arrows are imports, and none goes up
project.eslint!.addRules({
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './src/private', from: './src', except: ['./private'] },
      { target: './src/model', from: './src', except: ['./model', './private'] },
      { target: './src/images', from: './src', except: ['./images', './model', './private'] },
      { target: './src/servers', from: './src', except: ['./servers', './model', './private'] },
      { target: './src/brokers', from: './src', except: ['./brokers', './servers', './model', './private'] },
      { target: './src/proxies', from: './src', except: ['./proxies', './servers', './model', './private'] },
      { target: './src/stores', from: './src', except: ['./stores', './servers', './model', './private'] },
      { target: './src/patterns', from: './src', except: ['./patterns', './brokers', './proxies', './servers', './model', './private'] },
      { target: './src/targets', from: './src', except: ['./targets', './model', './private'] },
      { target: './src/targets/kubernetes', from: ['./src/targets/compose', './src/targets/swarm'] },
      { target: './src/targets/compose', from: ['./src/targets/kubernetes', './src/targets/swarm'] },
      { target: './src/targets/swarm', from: ['./src/targets/compose', './src/targets/kubernetes'] },
      { target: './src/targets/topology', from: ['./src/targets/compose', './src/targets/kubernetes', './src/targets/swarm'] },
      { target: './src/operators', from: './src', except: ['./operators', './patterns', './brokers', './proxies', './servers', './targets', './model', './private'] },
      { target: './src/operators', from: ['./src/targets/compose', './src/targets/swarm'] },
    ],
  }],
  '@stylistic/max-len': ['error', { code: 160, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true }],
});

// programs in other languages stand in files of their own, and are embedded, so that they are there for bundlers, too, and in whatever way the sources are run
const programs = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(path => ['.sh', '.escript', '.erl', '.css', '.js'].includes(extname(path))).sort();
for (const directory of new Set(programs.map(dirname))) {
  const file = new TextFile(project, `src/${directory}/programs.generated.ts`);
  file.addLine(`// ${file.marker} It holds the programs beside it, without what is said at their head.`);
  file.addLine('/* eslint-disable */');
  for (const path of programs.filter(each => dirname(each) === directory)) file.addLine(embed(path));
  file.addLine('');
}

/** A constant with the text of a program of that path. */
function embed(path: string): string {
  const head = { '.sh': /^(#.*\n)+\n/, '.erl': /^(%.*\n)+\n/, '.css': /^\/\*.*\n\n/, '.js': /^(\/\/.*\n)+\n/ }[extname(path)];
  const text = readFileSync(`src/${path}`, 'utf8');
  const name = basename(path, extname(path)).replaceAll('-', '_').toUpperCase();
  return `\nexport const ${name} = \`${(head ? text.replace(head, '') : text).replace(/[\\`]|\$\{/g, '\\$&')}\`;`;
}

// a Java program is embedded as its class, packed; it is compiled when it changes, so that nobody else needs a compiler
for (const path of readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(each => extname(each) === '.java').sort()) {
  const file = `src/${path.replace('.java', '.generated.ts')}`;
  const digest = createHash('sha256').update(readFileSync(`src/${path}`)).digest('hex');
  const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const text = new TextFile(project, file);
  text.addLine(`// ${text.marker} It holds the class of the program beside it, of which this is the SHA-256 sum: ${digest}`);
  text.addLine('/* eslint-disable */\n');
  text.addLine(known.includes(digest) ? known.match(/^export const .*$/m)![0] : `export const ${basename(path, '.java').toUpperCase()} = '${compile(`src/${path}`)}';`);
  text.addLine('');
}

/** The one class of a Java program. What it uses of other programs stands in test/programs/java. */
function compile(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'class-'));
  try {
    execFileSync('javac', ['--release', '17', '-g:none', '-implicit:none', '-sourcepath', 'test/programs/java', '-d', folder, path], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [name] = readdirSync(folder);
    return gzipSync(readFileSync(join(folder, name)), { level: 9 }).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// lint and types fail fast, before anything slow; the tests come last, so that their summary does
project.testTask.reset();
const proofCheck = 'jest --selectProjects proof --silent=false';
project.testTask.exec(proofCheck, { condition: 'node -e "process.exit(process.env.CI ? 0 : 1)"' });
project.testTask.exec('jest --selectProjects unit compose kubernetes --ci --silent=false --maxWorkers=100%', { receiveArgs: true });
project.tasks.tryFind('pre-compile')!.exec('rm -rf lib'); // what renamed sources left behind would be packed
project.tasks.tryFind('pre-compile')!.spawn(project.tasks.tryFind('eslint')!);
project.tasks.tryFind('pre-compile')!.exec('tsc --noEmit -p test/tsconfig.json');
// reads from the assembly what public calls take, and compiles again if that is something else than before
project.compileTask.exec('ts-node --transpile-only -P projenrc/tsconfig.json projenrc/api-types.ts --silence-warnings=reserved-word');
// one file of what is imported: a program would read more than 250 small ones, which takes a third of the time of a small synthesis
const bundle = project.addTask('bundle', {
  description: 'Joins the compiled modules behind lib/index.js into this one file',
  exec: 'esbuild lib/index.js --outfile=lib/index.js --allow-overwrite --bundle --packages=external --platform=node --target=node20 --keep-names --external:.. --log-level=warning',
});
project.compileTask.spawn(bundle);
project.compileTask.exec('chmod +x lib/cli/cdk8s-conduit.js'); // the compiler makes no file executable
project.tasks.tryFind('post-compile')!.exec('git diff --exit-code --stat', {
  name: 'in CI, the build may change no file', condition: 'node -e "process.exit(process.env.CI && require(\'fs\').existsSync(\'.git\') ? 0 : 1)"',
});
for (const name of ['package', 'package-all', 'package:js', 'test:update', 'compat', 'clobber', 'test:watch', 'watch']) {
  project.tasks.tryFind(name)?.reset();
  if (name !== 'package') project.tasks.removeTask(name);
}

project.addTask('golden', {
  description: 'Writes the golden output of the examples anew, for review',
  steps: [
    { spawn: 'compile' },
    { exec: 'ts-node --transpile-only -P test/tsconfig.json examples/golden.ts' },
  ],
});
project.addTask('test:cluster', {
  description: 'Starts a Kubernetes cluster of its own, runs the tests that need one, and removes it', exec: 'test/cluster/run.sh', receiveArgs: true,
});
project.addTask('proof', {
  description: 'Runs the live tests, or those that match, on both engines, and writes into docs/proof.md what they showed',
  steps: [
    { spawn: 'compile' },
    { exec: 'ts-node --transpile-only -P test/tsconfig.json test/docs/proof.ts', receiveArgs: true },
  ],
});
project.addTask('proof:mark', {
  description: 'Runs nothing, and writes into docs/proof.md what has changed since the live tests ran',
  exec: 'ts-node --transpile-only -P test/tsconfig.json test/docs/proof.ts --mark',
});
project.addTask('proof:check', { description: 'Checks that docs/proof.md says what has changed since the live tests ran', exec: proofCheck });
project.addTask('proof:release', { description: 'Checks that nothing has changed since the live tests ran', exec: proofCheck, env: { CONDUIT_RELEASE: 'true' } });
project.addTask('bench', { description: 'Compares speed and memory; see bench/README.md', exec: 'node bench/run.js', receiveArgs: true });
project.addTask('bench:start', {
  description: 'Compares the time to the first order of a shop; see bench/README.md',
  exec: 'ts-node --transpile-only -P test/tsconfig.json bench/start.ts',
  receiveArgs: true,
});
project.addTask('bench:throughput', {
  description: 'Compares the messages a second of generated brokers with plain ones; see bench/README.md',
  exec: 'ts-node --transpile-only -P test/tsconfig.json bench/throughput.ts',
  receiveArgs: true,
});

// they install first, so they cannot be tasks, which need what is installed
project.package.setScript('demo', 'npm ci --no-audit --no-fund && projen compile && ts-node --transpile-only -P test/tsconfig.json examples/demo.ts');
project.package.setScript('check', 'npm ci --no-audit --no-fund && projen build');

project.synth();
