import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { STACKS, stacksOf } from './stacks';
import { exampleNames, synthesizeExample } from './synthesize';
import type { Application } from '../../src/model/application';
import { stackSchema } from '../judges/docker-schemas';

const made: Application[] = [];
subscribe('cdk8s-conduit:application', message => { made.push((message as { application: Application }).application); });

describe.each(exampleNames)('%s', name => {
  test('becomes the stack that is written down, or is refused for the reason that is written down', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
    made.length = 0;
    try {
      synthesizeExample(name, join(folder, 'dist'));
    } finally {
      rmSync(folder, { recursive: true });
    }
    const expected = readdirSync(STACKS).filter(file => file.startsWith(name)).sort();
    expect(stacksOf(name, made)).toEqual(Object.fromEntries(expected.map(file => [file, readFileSync(join(STACKS, file), 'utf8')])));
    expect(expected.length).toBeGreaterThan(0);
  });
});

const files = readdirSync(STACKS).filter(file => file.endsWith('.yml'));

test.each(files)('the schema of docker stack deploy allows %s', file => {
  expect(stackSchema(load(readFileSync(join(STACKS, file), 'utf8')))).toEqual([]);
});

test('most examples are stacks', () => {
  expect(files.length).toBeGreaterThan(exampleNames.length / 2);
});
