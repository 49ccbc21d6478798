const { default: TestRunner, EmittingTestRunner } = require('jest-runner');

/** Suites of engines that run at the same time, as they wait more than they work. */
const AT_ONCE = 3;

const engineOf = test => test.context.config.globals.conduitEngine;
const limitOf = test => test.context.config.globals.conduitAtOnce;

/**
 * Runs the suites of both engines side by side, and tests without an engine, one after another, beside them: what the suites leave of the
 * processors while they wait is theirs. How many may share an engine with one of its own, a project of jest says by the global
 * `conduitAtOnce`. The engine that has fewest goes next, so that what one leaves free is the other's.
 */
module.exports = class extends EmittingTestRunner {
  listeners = [];

  async runTests(tests, watcher, options) {
    const live = tests.filter(engineOf);
    const others = tests.filter(test => !engineOf(test));
    if (live.length === 0) return this.run(tests, watcher, this._globalConfig.maxWorkers, options);
    await Promise.all([this.run(others, watcher), this.runLive(live, watcher)]);
  }

  async runLive(tests, watcher) {
    const waiting = new Set(tests);
    const running = new Set();
    const sharing = test => [...running].filter(other => engineOf(other) === engineOf(test));
    const mayRun = test => [test, ...sharing(test)].every(each => sharing(test).length < limitOf(each));
    const next = () => [...waiting].filter(mayRun).sort((a, b) => sharing(a).length - sharing(b).length)[0];
    const runInTurn = async () => {
      for (let test = next(); test; test = next()) {
        waiting.delete(test);
        running.add(test);
        await this.run([test], watcher);
        running.delete(test);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runInTurn));
  }

  run(tests, watcher, maxWorkers = 1, options = { serial: false }) {
    const runner = new TestRunner({ ...this._globalConfig, maxWorkers }, this._context);
    for (const [event, listener] of this.listeners) runner.on(event, listener);
    return runner.runTests(tests, watcher, options);
  }

  on(event, listener) {
    this.listeners.push([event, listener]);
    return () => {};
  }
};
