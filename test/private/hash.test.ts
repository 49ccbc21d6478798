import { createHash } from 'crypto';
import * as fc from 'fast-check';
import { shortHash, withinLimit } from '../../src/private/hash';

test('a short hash is the beginning of the SHA-256', () => {
  const whole = createHash('sha256').update('text').digest('hex');
  expect([shortHash('text'), shortHash('text', 4)]).toEqual([whole.slice(0, 10), whole.slice(0, 4)]);
});

test('a text within the limit stays as it is', () => {
  expect([withinLimit('a'.repeat(63)), withinLimit('abc', 10)]).toEqual(['a'.repeat(63), 'abc']);
});

test('a longer one is cut, and still differs from others that begin like it', () => {
  const [one, other] = ['1', '2'].map(end => withinLimit(`${'a'.repeat(70)}${end}`));
  expect(one).toMatch(/^a{54}-[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

test('what is cut is a DNS label if the whole was one', () => {
  const label = fc.stringMatching(/^[a-z][a-z-]{0,120}[a-z]$/);
  fc.assert(fc.property(label, text => /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(withinLimit(text)) && withinLimit(text).length <= 63));
});
