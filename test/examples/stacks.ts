// Writes what the examples become on a swarm: npx ts-node -T -P test/tsconfig.json test/examples/stacks.ts
import { subscribe } from 'node:diagnostics_channel';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '../../src/model/application';
import { SwarmStack } from '../../src/targets/swarm/swarm-stack';

/** Where the stack files stand, and why there is none of an example. */
export const STACKS = join(__dirname, 'stacks');

/** What applications become, by the names of files; some examples define several. */
export function stacksOf(example: string, applications: Application[]): Record<string, string> {
  return Object.fromEntries(applications.map((application, index) => {
    const name = index === 0 ? example : `${example}-${index + 1}`;
    try {
      return [`${name}.yml`, new SwarmStack(application, { directory: '/stack', secretsDirectory: '../secrets' }).toYaml()];
    } catch (error) {
      return [`${name}.refused.txt`, `${(error as Error).message}\n`];
    }
  }));
}

if (require.main === module) {
  rmSync(STACKS, { recursive: true, force: true });
  mkdirSync(STACKS);
  const made: Application[] = [];
  subscribe('cdk8s-conduit:application', message => { made.push((message as { application: Application }).application); });
  const examples = join(__dirname, '../../examples');
  for (const example of readdirSync(examples).filter(name => /^\d\d-/.test(name)).sort()) {
    made.length = 0;
    const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
    process.env.CDK8S_OUTDIR = join(folder, 'dist');
    process.chdir(folder);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(join(examples, example, 'main'));
    for (const [file, text] of Object.entries(stacksOf(example, made))) writeFileSync(join(STACKS, file), text);
    rmSync(folder, { recursive: true });
  }
}
