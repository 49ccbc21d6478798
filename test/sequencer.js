const { default: Sequencer } = require('@jest/test-sequencer');

/** Suites that take more than 80 seconds, the longest first, so that none of them is alone at the end. */
const LONG = [
  'acceptance', 'postgre-sql', 'kafka', 'health-answers', 'updates', 'reverse-proxy', 'nats', 'managed-broker', 'scaling', 'rabbit-mq', 'declared-equals-actual',
  'daily-use', 'official-images', 'work-queue', 'external-client', 'sidecar-order', 'redis', 'redis-streams', 'load-balancer', 'ecommerce', 'event-stream-replay', 'sidecar-pair',
  'discoverable-service', 'undo',
].map(name => `/${name}.test.ts`);

/** Tests without containers first, then long ones; and by name, so that runs compare. */
module.exports = class extends Sequencer {
  sort(tests) {
    const kind = ({ context, path }) => context.config.displayName.name === 'unit' ? 0 : 1 + (LONG.findIndex(name => path.endsWith(name)) + LONG.length + 1) % (LONG.length + 1);
    return [...tests].sort((a, b) => kind(a) - kind(b) || (a.path < b.path ? -1 : 1));
  }
};
