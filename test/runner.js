const { default: TestRunner, EmittingTestRunner } = require('jest-runner');

/** Suites that run at the same time, as they wait more than they work. */
const AT_ONCE = 3;

const engineOf = test => test.context.config.globals.conduitEngine;
const limitOf = test => test.context.config.globals.conduitAtOnce;

/**
 * Runs the suites of both engines side by side. How many may share an engine with one of its own, a project of jest says by the global
 * `conduitAtOnce`. The engine that has fewest goes next, so that what one leaves free is the other's.
 */
module.exports = class extends EmittingTestRunner {
  listeners = [];

  async runTests(tests, watcher) {
    const waiting = new Set(tests);
    const running = new Set();
    const sharing = test => [...running].filter(other => engineOf(other) === engineOf(test));
    const mayRun = test => [test, ...sharing(test)].every(each => sharing(test).length < limitOf(each));
    const next = () => [...waiting].filter(mayRun).sort((a, b) => sharing(a).length - sharing(b).length)[0];
    const runInTurn = async () => {
      for (let test = next(); test; test = next()) {
        waiting.delete(test);
        running.add(test);
        await this.run(test, watcher);
        running.delete(test);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runInTurn));
  }

  run(test, watcher) {
    const runner = new TestRunner({ ...this._globalConfig, maxWorkers: 1 }, this._context);
    for (const [event, listener] of this.listeners) runner.on(event, listener);
    return runner.runTests([test], watcher, { serial: false });
  }

  on(event, listener) {
    this.listeners.push([event, listener]);
    return () => {};
  }
};
