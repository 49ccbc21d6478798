import * as fc from 'fast-check';
import { toJsonLines } from '../../src/private/json';

test('what is so many levels down has a line of its own', () => {
  const value = { users: [{ name: 'a', tags: [1, 2] }, { name: 'b', tags: [] }], none: [], limits: { a: { b: 1 } }, left: undefined };
  expect(toJsonLines(value, 0)).toBe(JSON.stringify(value));
  expect(toJsonLines(value, 2)).toBe(`{
  "users": [
    {"name":"a","tags":[1,2]},
    {"name":"b","tags":[]}
  ],
  "none": [],
  "limits": {
    "a": {"b":1}
  }
}`);
});

test('it is the same value, however it is written', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.nat({ max: 6 }), (value, depth) => {
    expect(JSON.parse(toJsonLines(value, depth))).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});
