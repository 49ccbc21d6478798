import { spawnSync } from 'child_process';
import * as fc from 'fast-check';
import { program } from '../../src/private/program';

test('what a program is told stands before its text, in quotes where that is needed', () => {
  expect(program({ PORT: 5672, HOSTS: 'a:1,b:2', MEMBERS: 'a b', NONE: '' }, 'first\n', 'second\n')).toBe("PORT=5672\nHOSTS=a:1,b:2\nMEMBERS='a b'\nNONE=\nfirst\nsecond\n");
});

test('a program gets every value as it is', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."'\"\\$`~{}*#;&|()<>!\n\t =:a") })).filter(each => !each.includes('\0'));
  fc.assert(fc.property(text, value => {
    const { status, stdout } = spawnSync('sh', ['-c', program({ VALUE: value }, 'printf %s "$VALUE"')], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: value });
  }), { numRuns: 200 });
});
