const { default: TestRunner, EmittingTestRunner } = require('jest-runner');

/**
 * Runs the suites of both engines side by side, as they wait more than they work. How many of an engine at once, a project of jest says by
 * the global `conduitAtOnce`; where several projects are run, the least counts.
 */
module.exports = class extends EmittingTestRunner {
  listeners = [];

  async runTests(tests, watcher) {
    const globalsOf = test => test.context.config.globals;
    await Promise.all([...new Set(tests.map(test => globalsOf(test).conduitEngine))].map(engine => {
      const ours = tests.filter(test => globalsOf(test).conduitEngine === engine);
      const maxWorkers = Math.min(...ours.map(test => globalsOf(test).conduitAtOnce));
      const runner = new TestRunner({ ...this._globalConfig, maxWorkers }, this._context);
      for (const [event, listener] of this.listeners) runner.on(event, listener);
      return runner.runTests(ours, watcher, { serial: false });
    }));
  }

  on(event, listener) {
    this.listeners.push([event, listener]);
    return () => {};
  }
};
