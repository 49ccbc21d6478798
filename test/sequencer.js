const { default: Sequencer } = require('@jest/test-sequencer');

/** Suites that take more than two minutes, the longest first, so that none of them is alone at the end. */
const LONG = [
  'acceptance', 'postgre-sql', 'rabbit-mq', 'kafka', 'health-answers', 'updates', 'nats', 'managed-broker', 'reverse-proxy', 'scaling', 'load-balancer',
  'declared-equals-actual', 'official-images',
].map(name => `/${name}.test.ts`);

/** Tests without containers first, then long ones; and by name, so that runs compare. */
module.exports = class extends Sequencer {
  sort(tests) {
    const kind = ({ context, path }) => context.config.displayName.name === 'unit' ? 0 : 1 + (LONG.findIndex(name => path.endsWith(name)) + LONG.length + 1) % (LONG.length + 1);
    return [...tests].sort((a, b) => kind(a) - kind(b) || (a.path < b.path ? -1 : 1));
  }
};
