// From the manifests of earlier releases, each folder of `upgrades` one, to the golden output of today.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from './acceptance';
import { documentsOf, goldenManifest } from './api';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import type { Kubernetes } from '../live/kubernetes';

jest.setTimeout(600_000);

const UPGRADES = join(__dirname, 'upgrades');
const releases = existsSync(UPGRADES) ? readdirSync(UPGRADES).sort() : []; // until the first release there is none
const manifestsOf = (release: string) => readdirSync(join(UPGRADES, release)).sort()
  .map(file => ({ example: file.replace('.k8s.yaml', ''), manifest: readFileSync(join(UPGRADES, release, file), 'utf8') }));
const namesIn = (manifest: string) => documentsOf(manifest).map(({ object }) => `${object.kind} ${object.metadata.name}`);

/** Objects of a release that stay until somebody deletes them, by release and example. */
const SUPERSEDED: Record<string, string[]> = {};

/** A manifest of the work queue, as of another release: its sender is another task, nobody works, and the broker's configuration is another one. */
function earlier(manifest: string): string {
  const changes: [RegExp, string][] = [
    [/a task that takes three seconds\.\.\./, 'sent before the upgrade'],
    [/^ {2}name: client-\w{10}$/m, '  name: client-before'],
    [/replicas: 5/, 'replicas: 0'],
    [/broker-definitions-\w{10}/g, 'broker-definitions-before'],
  ];
  for (const [pattern] of changes) expect(manifest).toMatch(pattern);
  return changes.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), manifest);
}

describeLive<Kubernetes>('an upgrade', engine => {
  let sandbox: Sandbox;
  beforeAll(async () => { sandbox = await Sandbox.open(); });
  afterAll(() => sandbox.close());

  for (const release of releases) {
    for (const { example, manifest } of manifestsOf(release)) {
      test(`the objects of ${release}, ${example}, become those of today`, () => sandbox.inNamespace(async namespace => {
        const now = goldenManifest(example);
        expect(await sandbox.problemsOf(documentsOf(manifest), namespace)).toEqual([]);
        expect(await sandbox.problemsOf(documentsOf(now), namespace)).toEqual([]);
        const today = namesIn(now);
        expect(namesIn(manifest).filter(name => !today.includes(name))).toEqual(SUPERSEDED[`${release} ${example}`] ?? []);
      }));
    }
  }

  const WORK_QUEUE = '04-work-queue';
  const before = releases.map(release => ({ release, manifest: manifestsOf(release).find(({ example }) => example === WORK_QUEUE)!.manifest }));
  test.each([...before, { release: 'another configuration', manifest: goldenManifest(WORK_QUEUE) }])('messages that were sent with $release are worked off after it', async ({ manifest }) => {
    const deployment = engine.example(WORK_QUEUE);
    const brokers = async () => (await deployment.replicas('broker')).map(({ id }) => id);
    try {
      await deployment.prepare();
      await deployment.apply(earlier(manifest));
      await deployment.kubectl(['wait', '--for=condition=complete', 'job/client-before', '--timeout=120s'], { timeoutMs: 150_000 });
      const [broker] = await brokers();
      await deployment.start();
      expect(await brokers()).not.toContain(broker);
      const done = async () => (await deployment.logs('worker')).filter(({ text }) => text.includes("done 'sent before the upgrade'")).length;
      await eventually(async () => await done() === 1, { what: 'the message of before to be done', timeoutMs: 60_000 });
    } finally {
      await deployment.remove();
    }
  });
});
