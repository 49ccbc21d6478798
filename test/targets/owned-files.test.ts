import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import * as fc from 'fast-check';
import { writeOwned } from '../../src/targets/owned-files';

/** All that is below a directory: the text of each file, and what is a directory. */
function contents(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(paths.sort().map(path => [path, statSync(join(directory, path)).isFile() ? readFileSync(join(directory, path), 'utf8') : '/']));
}

const name = fc.constantFrom('a', 'b', 'c', 'conf-d');
const OWN = { paths: /^(compose\.yml|configs\/[a-z-]+)$/ };
const project = fc.record({ name: fc.constantFrom('shop', 'shop', 'store'), compose: fc.string(), configs: fc.dictionary(name, fc.string()) });
/** What users have in the same directory: files and directories, also where a project would write. */
const mine = fc.dictionary(fc.oneof(name.map(each => `configs/${each}`), fc.constantFrom('compose.yml', '.env', 'configs/mine/deep', 'secrets/key')), fc.string(), { maxKeys: 2 });
const someDirectory = fc.option(name.map(each => `configs/${each}`), { nil: undefined, freq: 3 });

test('whatever is in the directory, nothing of the user is lost, and a project is there whole or not at all', () => {
  let [written, refused] = [0, 0];
  fc.assert(fc.property(fc.array(project, { minLength: 1, maxLength: 4 }), mine, someDirectory, (projects, own, obstacle) => {
    const directory = mkdtempSync(join(tmpdir(), 'conduit-'));
    try {
      for (const [path, text] of Object.entries(own)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
      if (obstacle && !(obstacle in own)) mkdirSync(join(directory, obstacle), { recursive: true });
      for (const each of projects) {
        const before = contents(directory);
        const files = new Map([...Object.entries(each.configs).map(([key, text]): [string, string] => [`configs/${key}`, text]), ['compose.yml', each.compose]]);
        try {
          writeOwned(directory, { ...OWN, name: each.name }, files);
          written++;
          const { '.cdk8s-conduit.json': list, configs: _, ...others } = contents(directory);
          expect(JSON.parse(list)[each.name]).toEqual([...files.keys()].sort());
          // the project as it is, beside what users have, and nothing else
          const users = Object.fromEntries(Object.entries(others).filter(([path]) => !files.has(path)));
          expect(others).toEqual({ ...users, ...Object.fromEntries(files) });
          expect(Object.keys(users).filter(path => !(path in own) && users[path] !== '/')).toEqual([]);
        } catch (error) {
          if (!/would be replaced, and (was not written by it|belongs to)/.test((error as Error).message)) throw error;
          refused++;
          expect(contents(directory)).toEqual(before);
        }
        expect(contents(directory)).toMatchObject(own);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  }), { numRuns: 200 });
  expect(Math.min(written, refused)).toBeGreaterThan(20);
});

test('a list that was tampered with has nothing removed outside of the directory, or of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'conduit-'));
  try {
    mkdirSync(join(directory, 'project/configs/deep'), { recursive: true });
    const tampered = ['../outside', 'configs/../.env', 'configs/deep/file', '.env', '.cdk8s-conduit.json', '/etc/hostname'];
    for (const path of ['outside', 'project/.env', 'project/configs/deep/file']) writeFileSync(join(directory, path), 'mine');
    writeFileSync(join(directory, 'project/.cdk8s-conduit.json'), JSON.stringify({ shop: tampered }));
    writeOwned(join(directory, 'project'), { ...OWN, name: 'shop' }, new Map([['compose.yml', 'name: shop\n']]));
    expect(Object.keys(contents(directory))).toEqual(
      ['outside', 'project', 'project/.cdk8s-conduit.json', 'project/.env', 'project/compose.yml', 'project/configs', 'project/configs/deep', 'project/configs/deep/file']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
