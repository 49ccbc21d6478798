import { Problems } from '../../src/private/problems';

test('all that does not hold is reported at once, each behind the path', () => {
  const problems = new Problems('shop/web');
  problems.check(true, 'is fine');
  problems.check(false, 'is wrong');
  problems.check(false, 'is wrong, too');
  expect(() => problems.throwIfAny()).toThrow(new Error('shop/web: is wrong\nshop/web: is wrong, too'));
});

test('nothing is thrown when everything holds', () => {
  const problems = new Problems('shop/web');
  problems.check(true, 'is fine');
  expect(() => problems.throwIfAny()).not.toThrow();
});
