import { readdirSync, rmSync } from 'fs';
import { createRequire } from 'module';

// writes the golden output of every example anew; a test compares it with what the programs write
for (const name of readdirSync(__dirname).filter(entry => /^\d\d-/.test(entry)).sort()) {
  const outdir = `${__dirname}/${name}/expected`;
  process.chdir(`${__dirname}/${name}`);
  rmSync(outdir, { recursive: true, force: true });
  process.env.CDK8S_OUTDIR = outdir;
  createRequire(__filename)(`./${name}/main`);
  console.log(`wrote ${outdir}`);
}
