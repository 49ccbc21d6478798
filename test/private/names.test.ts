import * as fc from 'fast-check';
import { byText, isAbsolutePath, isDnsLabel, isPathBelow, isVariableName, kebabCase, variableName } from '../../src/private/names';

test.each([
  ['a', true], ['web-2', true], ['a'.repeat(63), true],
  ['', false], ['2web', false], ['-web', false], ['web-', false], ['Web', false], ['we_b', false], ['we.b', false], ['a'.repeat(64), false], ['web\n', false],
])('%j as a DNS label: %s', (text, expected) => {
  expect(isDnsLabel(text)).toBe(expected);
});

test('a DNS label can be asked to be shorter', () => {
  expect([isDnsLabel('abc', 3), isDnsLabel('abcd', 3)]).toEqual([true, false]);
});

test.each([
  ['OrdersDead', 'orders-dead'], ['orderAPI2', 'order-api2'], ['/etc/app.conf', 'etc-app-conf'], ['a__b', 'a-b'], ['--', ''], ['web', 'web'],
])('%s in kebab case is %s', (text, expected) => {
  expect(kebabCase(text)).toBe(expected);
});

test('kebab case of anything is made of the characters of a DNS label', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => /^([a-z0-9]+(-[a-z0-9]+)*)?$/.test(kebabCase(text))));
});

test.each([['task-queue', 'TASK_QUEUE'], ['db.example', 'DB_EXAMPLE'], ['a--b', 'A_B']])('%s as a variable is %s', (text, expected) => {
  expect(variableName(text)).toBe(expected);
});

test.each([['A', true], ['_a1', true], ['', false], ['1A', false], ['discovery.type', true], ['A-B', true], ['-A', false], ['A B', false], ['A=B', false], ['É', false]])(
  '%j as the name of a variable: %s', (text, expected) => {
    expect(isVariableName(text)).toBe(expected);
  });

test.each([
  ['/a', true], ['/etc/app/.conf', true], ['/a..b/...', true],
  ['', false], ['/', false], ['a', false], ['./a', false], ['/a/', false], ['//a', false], ['/a//b', false], ['/a/./b', false], ['/a/../b', false],
  ['/..', false], ['/a:b', false], ['/a\nb', false], ['/a\0', false], ['/$a', false],
])('%j as an absolute path: %s', (path, expected) => {
  expect(isAbsolutePath(path)).toBe(expected);
});

test.each([['a', true], ['a/b.c', true], ['', false], ['/a', false], ['../a', false], ['a/', false], ['.', false]])('%j as a path below: %s', (path, expected) => {
  expect(isPathBelow(path)).toBe(expected);
});

test('texts are ordered by their code units, whatever the locale', () => {
  expect(['b', 'a-b', 'a', 'B', 'ä', 'a/b', '1'].sort(byText)).toEqual(['1', 'B', 'a', 'a-b', 'a/b', 'b', 'ä']);
});
