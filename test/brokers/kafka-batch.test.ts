// The program that runs many commands of Kafka's tools in one virtual machine, with stand-ins for these and for the way in which they end.
import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { BATCH } from '../../src/brokers/kafka/batch.generated';
import { judgesPath, judgeTest } from '../judges/judges';

const STANDINS = join(__dirname, '../programs/java');
const env = { ...process.env, PATH: judgesPath };

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'batch-')); });
afterAll(() => rmSync(folder, { recursive: true }));

/** What the embedded class does with these commands. */
function run(...commands: string[]) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Batch.class'), gunzipSync(Buffer.from(BATCH, 'base64')));
  const compiled = spawnSync('javac', ['--release', '17', '-d', folder, join(STANDINS, 'Tool.java'), join(STANDINS, 'org/apache/kafka/common/utils/Exit.java')], { env, encoding: 'utf8' });
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  const { status, stdout, stderr } = spawnSync('java', ['-cp', folder, 'Batch'], { env, encoding: 'utf8', input: commands.map(command => `${command}\n`).join('') });
  return { status, stdout, stderr };
}

judgeTest('is silent where every command succeeds, whether it returns or ends the virtual machine', 'javac', () => {
  expect(run('Tool returns --well', 'Tool 0 --well', 'Tool returns')).toEqual({ status: 0, stdout: '', stderr: '' });
});

judgeTest('says what those wrote that failed, and runs the others all the same', 'javac', () => {
  const { status, stdout, stderr } = run('Tool returns first', 'Tool 1 second --and more', 'Tool throws third', 'Nothing', 'Tool 3 last');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.split('\n').filter(line => !/^\s+at |^$/.test(line))).toEqual([
    'to say: 1 second --and more', 'to say: throws third', 'java.lang.IllegalStateException: thrown', 'java.lang.ClassNotFoundException: Nothing', 'to say: 3 last',
  ]);
});
