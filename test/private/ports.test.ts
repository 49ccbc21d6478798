import { isPortName, isPortNumber } from '../../src/private/ports';

test.each([[1, true], [65535, true], [0, false], [65536, false], [-1, false], [80.5, false], [NaN, false], [Infinity, false]])(
  '%d as the number of a port: %s', (value, expected) => {
    expect(isPortNumber(value)).toBe(expected);
  });

test.each([
  ['http', true], ['a', true], ['p2p', true], ['9p', true], ['admin-api-port2', true],
  ['', false], ['HTTP', false], ['80', false], ['-http', false], ['http-', false], ['a--b', false], ['a_b', false], ['administration-2', false],
])('%j as the name of a port: %s', (name, expected) => {
  expect(isPortName(name)).toBe(expected);
});
