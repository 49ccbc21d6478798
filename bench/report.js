// Turns measurements into the tables of the README, and compares them with the aims.
const { readFileSync } = require('fs');
const { cpus, loadavg } = require('os');
const { join } = require('path');

/** Prints everything as Markdown. */
function report(rows, imports, quick) {
  const machine = `${cpus().length} × ${cpus()[0].model}, load average ${loadavg()[2].toFixed(1)}`;
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${versions()}, ${machine}${quick ? ', --quick' : ''}\n`);
  printTable(
    ['workloads', 'charts', 'plain', 'App', 'SinglePassApp', 'of it Kubernetes', 'of it Compose', 'peak',
      'App ÷ plain', 'SinglePassApp ÷ plain', 'SinglePassApp ÷ bare', 'SinglePassApp ÷ unchecked', 'manifests ÷ plain'],
    rows.map(({ workloads, charts, runs, bytes }) => [
      workloads, charts, time(runs.plain), time(runs.stock), time(runs.single),
      phase(runs.single, 'kubernetes'), phase(runs.single, 'compose'), `${(peak(runs.single) / 1024).toFixed(0)} MiB`,
      text(ratio(runs.stock, runs.plain)), text(ratio(runs.single, runs.plain)), text(ratio(runs.single, runs.bare)), text(ratio(runs.single, runs.unchecked)),
      bytes.plain ? text(bytes.single / bytes.plain) : '',
    ]),
  );
  console.log(`\nImport: ${Object.entries(imports).map(([name, times]) => `${name} ${median(times).toFixed(0)} ms`).join(', ')}.\n`);
  printTable(['what', 'aim', 'measured', 'reached'], aims(rows, imports).filter(([, , measured]) => measured !== undefined)
    .map(([what, aim, measured]) => [what, aim, text(measured), measured <= aim ? 'yes' : '**no**']));
}

function aims(rows, imports) {
  const oneChart = rows.filter(({ charts }) => charts === 1);
  const manyCharts = rows.filter(({ charts, workloads }) => charts === workloads / 10);
  const single = size => oneChart.filter(({ workloads }) => workloads === size).map(({ runs }) => ratio(runs.single, runs.plain))[0];
  return [
    ['both targets through App ÷ plain, worst of all sizes', 1.05, Math.max(...oneChart.map(({ runs }) => ratio(runs.stock, runs.plain)))],
    ['both targets through SinglePassApp ÷ plain, 1,000 workloads', 0.7, single(1000)],
    ['both targets through SinglePassApp ÷ plain, 3,000 workloads', 0.6, single(3000)],
    ['SinglePassApp ÷ the same without checks of types, 1,000 workloads', 1.03, oneChart.filter(({ workloads }) => workloads === 1000).map(({ runs }) => ratio(runs.single, runs.unchecked))[0]],
    ['exponent of time in one chart', 1.05, exponent(oneChart)],
    ['exponent of time over N/10 charts', 1.1, exponent(manyCharts)],
    ['KiB of peak memory for each workload from 1,000 to 10,000', 55, memorySlope(oneChart)],
    ['import ÷ import of cdk8s-plus-27', 1.05, median(imports['cdk8s-conduit'].map((each, round) => each / imports['cdk8s-plus-27'][round]))],
  ];
}

/** Median of the ratios of each round. */
function ratio(runs, baseline) {
  return runs && baseline && median(runs.map((run, round) => run.time / baseline[round].time));
}

/** Slope of log(time without start-up) over log(workloads) from 1,000 workloads on, by least squares. */
function exponent(rows) {
  const points = rows.filter(({ workloads }) => workloads >= 1000).map(({ workloads, runs }) => ({
    x: Math.log(workloads), y: Math.log(median(runs.single.map(({ phases }) => Object.values(phases).reduce((sum, each) => sum + each)))),
  }));
  if (points.length < 2) return undefined;
  const mean = key => points.reduce((sum, point) => sum + point[key], 0) / points.length;
  const [x, y] = [mean('x'), mean('y')];
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

function memorySlope(rows) {
  const [small, large] = rows.filter(({ workloads }) => [1000, 10000].includes(workloads));
  return large && (peak(large.runs.single) - peak(small.runs.single)) / (large.workloads - small.workloads);
}

function time(runs) {
  return runs ? `${median(runs.map(run => run.time)).toFixed(0)} ms` : '';
}

function phase(runs, name) {
  return `${median(runs.map(run => run.phases[name])).toFixed(0)} ms`;
}

function peak(runs) {
  return median(runs.map(run => run.peak));
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** The median, and between what the values are. */
function range(numbers, digits) {
  return `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;
}

function text(number) {
  return number === undefined ? '' : number.toFixed(2);
}

function versions() {
  const version = name => JSON.parse(readFileSync(join(__dirname, '..', 'node_modules', name, 'package.json'), 'utf8')).version;
  return ['cdk8s', 'cdk8s-plus-27', 'constructs', 'js-yaml'].map(name => `${name} ${version(name)}`).join(', ');
}

function printTable(head, lines) {
  for (const cells of [head, head.map(() => '--:'), ...lines]) console.log(`| ${cells.join(' | ')} |`);
}

module.exports = { median, printTable, range, report };
