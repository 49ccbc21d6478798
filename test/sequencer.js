const { default: Sequencer } = require('@jest/test-sequencer');

/** Tests without containers first, then by name, so that runs compare. */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ context, path }) => `${context.config.displayName.name === 'unit' ? 0 : 1} ${path}`;
    return [...tests].sort((a, b) => place(a) < place(b) ? -1 : 1);
  }
};
