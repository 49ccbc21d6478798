// What all programs share: their options, what they are to define, and the report that they print when they end.
const options = JSON.parse(process.argv[2]);
const phases = {};
let last = 0;

/** To be called when everything is imported: start-up is no part of any phase. */
function imported() {
  last = performance.now();
}

/** Ends a phase. */
function finish(phase) {
  const now = performance.now();
  phases[phase] = now - last;
  last = now;
}

/** The applications with the names of their workloads. */
function groups() {
  const size = options.workloads / options.charts;
  return Array.from({ length: options.charts }, (_, chart) => ({
    name: `shop${chart}`, workloads: Array.from({ length: size }, (__, index) => `service${index}`),
  }));
}

process.on('exit', () => console.log(JSON.stringify({ phases, peak: process.resourceUsage().maxRSS })));

module.exports = { finish, groups, imported, options };
