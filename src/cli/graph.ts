import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative, resolve } from 'path';
import { load } from 'js-yaml';
import { directoryFor } from '../targets/synthesis-output';

/** What is drawn, and where. */
export interface GraphOptions {
  /** Command that runs the program; by default that of cdk8s.yaml. */
  readonly app?: string;
  /** Directory of the pictures; by default `topology` where cdk8s writes to. */
  readonly output?: string;
}

/** Runs a program, with what it writes in a directory that is removed, and draws each application that it defines. */
export function drawGraph({ app = appOfProject(), output = directoryFor('topology') }: GraphOptions): void {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-conduit-'));
  const report = join(folder, 'drawn');
  try {
    const hook = [process.env.NODE_OPTIONS ?? '', `--require ${JSON.stringify(require.resolve('./graph-hook'))}`].join(' ').trim();
    const env = { ...process.env, NODE_OPTIONS: hook, CDK8S_OUTDIR: join(folder, 'dist'), CONDUIT_GRAPH_DIRECTORY: resolve(output), CONDUIT_GRAPH_REPORT: report };
    const { status } = spawnSync(app, { shell: true, stdio: 'inherit', env });
    if (status !== 0) throw new Error(`'${app}' failed, so nothing can be drawn`);
    if (!existsSync(report)) throw new Error(`'${app}' defined no Application, so there is nothing to draw`);
    for (const page of readFileSync(report, 'utf8').trim().split('\n')) console.log(`drew ${relative('.', page)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function appOfProject(): string {
  const { app } = (existsSync('cdk8s.yaml') ? load(readFileSync('cdk8s.yaml', 'utf8')) : {}) as { app?: string };
  if (typeof app !== 'string') throw new Error("there is no cdk8s.yaml that names a program here; give the command that runs it with '--app'");
  return app;
}
