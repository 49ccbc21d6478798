const { default: TestRunner, EmittingTestRunner } = require('jest-runner');
const { basename } = require('path');

/** Suites of engines that run at the same time, as they wait more than they work. */
const AT_ONCE = 3;

const globalsOf = test => test.context.config.globals;
const engineOf = test => globalsOf(test).conduitEngine;

/** Whether others of its project may run beside it. */
const isBeside = test => globalsOf(test).conduitBeside.suites.includes(basename(test.path, '.test.ts'));
const limitOf = test => isBeside(test) ? globalsOf(test).conduitBeside.atOnce : globalsOf(test).conduitAtOnce;

/** Whether two suites of an engine are no matter to each other. */
const areApart = (a, b) => a.context.config === b.context.config && isBeside(a) !== isBeside(b);

/**
 * Runs the suites of both engines side by side, and tests without an engine, one after another, beside them: what the suites leave of the
 * processors while they wait is theirs. How many may share an engine with one of its own, a project of jest says by the global
 * `conduitAtOnce`. By `conduitBeside` it says which suites stand in nobody's way, and how many of these may run at once.
 * Suites that share their engine with none go first, as they could not catch up at the end.
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
    const sharing = test => [...running].filter(other => engineOf(other) === engineOf(test) && !areApart(other, test));
    const mayRun = test => [test, ...sharing(test)].every(each => sharing(each).length < limitOf(each));
    const next = () => [...waiting].filter(mayRun).sort((a, b) => (limitOf(a) > 1) - (limitOf(b) > 1))[0];
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
