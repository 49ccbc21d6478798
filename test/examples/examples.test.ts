import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { EXAMPLES, exampleNames, synthesizeExample } from './synthesize';
import { composeSchema } from '../judges/docker-schemas';

/** All files below a directory, by relative path. */
function filesIn(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map(path => join(directory, path)).filter(path => statSync(path).isFile());
  return Object.fromEntries(paths.sort().map(path => [relative(directory, path), readFileSync(path, 'utf8')]));
}

describe.each(exampleNames)('%s', name => {
  const outdir = join(EXAMPLES, name, 'dist');
  const written = () => {
    rmSync(outdir, { recursive: true, force: true });
    synthesizeExample(name, outdir);
    return filesIn(outdir);
  };

  it('writes exactly its golden output', () => {
    expect(written()).toEqual(filesIn(join(EXAMPLES, name, 'expected')));
  });

  it('writes a Compose file that the specification allows', () => {
    expect(composeSchema(load(written()['compose/compose.yml']))).toEqual([]);
  });

  it('has every target made, which refuses what it cannot do, before one writes anything', () => {
    const program = readFileSync(join(EXAMPLES, name, 'main.ts'), 'utf8');
    const made = [...program.matchAll(/new (KubernetesChart|ComposeProject|Topology)\(/g)].map(({ index }) => index);
    const writes = [...program.matchAll(/\.(synth|save)\(\)/g)].map(({ index }) => index);
    expect([made.length, writes.length]).toEqual([3, 3]);
    expect(Math.max(...made)).toBeLessThan(Math.min(...writes));
  });

  it('is explained', () => {
    expect(existsSync(join(EXAMPLES, name, 'README.md'))).toBe(true);
  });
});
