const { default: Sequencer } = require('@jest/test-sequencer');

/** Tests without containers first, those of the cluster last: it is built meanwhile. Otherwise by name, so that runs compare. */
module.exports = class extends Sequencer {
  sort(tests) {
    const order = ['unit', 'compose', 'kubernetes'];
    const place = ({ context, path }) => `${order.indexOf(context.config.displayName.name)} ${path}`;
    return [...tests].sort((a, b) => place(a) < place(b) ? -1 : 1);
  }
};
