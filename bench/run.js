// Measures whole processes, each kind in turn (A B C A B C …), so that whatever else the machine does hits all alike.
// usage: npm run bench [-- --quick]
const { spawnSync } = require('child_process');
const { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('fs');
const { tmpdir } = require('os');
const { join } = require('path');
const { loadAll } = require('js-yaml');
const { median, report } = require('./report');

const quick = process.argv.includes('--quick');
/** How often each number of workloads is measured. */
const ROUNDS = quick ? { 10: 3, 100: 3, 1000: 3 } : { 10: 25, 100: 25, 300: 15, 1000: 9, 3000: 5, 10000: 3 };
const IMPORT_ROUNDS = quick ? 9 : 25;
/** Over many charts App takes quadratic time: beyond this number of workloads there is nothing to learn from waiting for it. */
const MANY_CHARTS_LIMIT = quick ? 100 : 1000;

const repository = join(__dirname, '..');
if (!existsSync(join(repository, 'lib', 'index.js'))) throw new Error("nothing is compiled yet; run 'npx projen compile' first");
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true }));

const sizes = Object.keys(ROUNDS).map(Number);
const rows = [
  ...sizes.map(workloads => measure(workloads, 1)),
  ...sizes.filter(workloads => workloads > 10).map(workloads => measure(workloads, workloads / 10)),
];
report(rows, measureImports(), quick);

/** All programs with one number of workloads: a line of the table. */
function measure(workloads, charts) {
  const outdir = kind => join(scratch, kind);
  const start = (kind, program, more) => runProgram(program, { workloads, charts, outdir: outdir(kind), ...more });
  const programs = { single: () => start('single', 'conduit', { app: 'single' }) };
  if (charts === 1 || workloads <= MANY_CHARTS_LIMIT) {
    programs.plain = () => start('plain', 'plain');
    programs.stock = () => start('stock', 'conduit', { app: 'stock' });
  }
  if (charts === 1) {
    const objects = join(scratch, 'objects.json');
    programs.single();
    writeFileSync(objects, JSON.stringify(manifests(outdir('single')).flatMap(file => loadAll(readFileSync(file, 'utf8')))));
    programs.unchecked = () => start('unchecked', 'conduit', { app: 'single', unchecked: true });
    programs.bare = () => start('bare', 'stringify', { objects });
  }
  const kinds = Object.keys(programs);
  const runs = Object.fromEntries(kinds.map(kind => [kind, []]));
  for (let round = 0; round < ROUNDS[workloads]; round++) {
    for (const kind of kinds) runs[kind].push(programs[kind]());
  }
  const counts = new Set(kinds.map(kind => JSON.stringify(countKinds(outdir(kind)))));
  if (counts.size > 1) throw new Error(`the programs do not write the same kinds and numbers of objects: ${[...counts].join(' and ')}`);
  const bytes = Object.fromEntries(kinds.map(kind => [kind, manifests(outdir(kind)).reduce((sum, file) => sum + statSync(file).size, 0)]));
  for (const kind of kinds) rmSync(outdir(kind), { recursive: true });
  const times = kinds.map(kind => `${kind} ${median(runs[kind].map(run => run.time)).toFixed(0)} ms`);
  console.error(`${workloads} workloads, charts: ${charts}: ${times.join(', ')}`);
  return { workloads, charts, runs, bytes };
}

function runProgram(program, options) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'programs', `${program}.js`), JSON.stringify(options)], { encoding: 'utf8' });
  const time = performance.now() - started;
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return { time, ...JSON.parse(stdout) };
}

function manifests(outdir) {
  return readdirSync(outdir).filter(name => name.endsWith('.k8s.yaml')).map(name => join(outdir, name));
}

function countKinds(outdir) {
  const counts = {};
  for (const file of manifests(outdir)) {
    for (const [, kind] of readFileSync(file, 'utf8').matchAll(/^kind: (\w+)$/gm)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return Object.entries(counts).sort();
}

/** Times of processes that import one package each, and of one that imports nothing. */
function measureImports() {
  const packages = ['nothing', 'cdk8s', 'cdk8s-plus-27', 'cdk8s-conduit'];
  const times = Object.fromEntries(packages.map(name => [name, []]));
  for (let round = 0; round < IMPORT_ROUNDS; round++) {
    for (const name of packages) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, ['-e', name === 'nothing' ? '' : `require('${name}')`], { cwd: repository });
      if (status !== 0) throw new Error(`cannot import ${name}`);
      times[name].push(performance.now() - started);
    }
  }
  return times;
}
