import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the examples are. */
export const EXAMPLES = join(__dirname, '../../examples');

/** Names of all examples. */
export const exampleNames = readdirSync(EXAMPLES).filter(name => /^\d\d-/.test(name)).sort();

/** Runs an example's program in the directory in which `outdir` is, as its users do; it writes both targets' output below `outdir`. */
export function synthesizeExample(name: string, outdir: string): void {
  const [before, cwd] = [process.env.CDK8S_OUTDIR, process.cwd()];
  const log = jest.spyOn(console, 'log').mockImplementation(() => {}); // some say where to look
  process.env.CDK8S_OUTDIR = outdir;
  process.chdir(dirname(outdir));
  try {
    jest.isolateModules(() => jest.requireActual(join(EXAMPLES, name, 'main.ts')));
  } finally {
    process.chdir(cwd);
    log.mockRestore();
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}
