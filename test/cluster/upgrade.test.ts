// From manifests of earlier releases, each folder of `upgrades` one, to the golden output of today.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from './acceptance';
import { documentsOf, goldenManifest, HEADLESS_WARNING } from './api';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import type { Kubernetes } from '../live/kubernetes';

jest.setTimeout(600_000);

const UPGRADES = join(__dirname, 'upgrades');
const releases = readdirSync(UPGRADES).sort();
const cases = releases.flatMap(release => readdirSync(join(UPGRADES, release)).sort().map(file => [release, file.replace('.k8s.yaml', '')]));
const released = (release: string, example: string) => readFileSync(join(UPGRADES, release, `${example}.k8s.yaml`), 'utf8');
const namesIn = (manifest: string) => documentsOf(manifest).map(({ object }) => `${object.kind} ${object.metadata.name}`);

/** Objects of an earlier release that stay until somebody deletes them. */
const SUPERSEDED: Record<string, string[]> = {
  '2026-11-22 04-work-queue': ['Job client-472c008c6c'],
};

/** Services without an address of an earlier release, which Kubernetes keeps so until somebody deletes them. */
const HEADLESS: Record<string, string[]> = {
  '2026-11-22 04-work-queue': ['Service broker-0'],
  '2026-11-22 05-ecommerce': ['Service broker-0'],
};

describeLive<Kubernetes>('an upgrade', engine => {
  let sandbox: Sandbox;
  beforeAll(async () => { sandbox = await Sandbox.open(); });
  afterAll(() => sandbox.close());

  test.each(cases)('the objects of %s, %s, become those of today', (release, example) => sandbox.inNamespace(async namespace => {
    const [before, now] = [released(release, example), goldenManifest(example)];
    expect(await sandbox.problemsOf(documentsOf(before), namespace)).toEqual([]);
    const headless = HEADLESS[`${release} ${example}`] ?? [];
    expect(await sandbox.problemsOf(documentsOf(now), namespace)).toEqual(headless.map(name => `${name}: warning: ${HEADLESS_WARNING}`));
    for (const { object } of documentsOf(now)) if (headless.includes(`${object.kind} ${object.metadata.name}`)) await sandbox.api.delete(object, namespace);
    expect(await sandbox.problemsOf(documentsOf(now), namespace)).toEqual([]);
    const today = namesIn(now);
    expect(namesIn(before).filter(name => !today.includes(name))).toEqual(SUPERSEDED[`${release} ${example}`] ?? []);
  }));

  test.each(releases)('messages that were sent with the release of %s are worked off after it', async release => {
    const deployment = engine.example('04-work-queue');
    const before = released(release, '04-work-queue')
      .replace('a task that takes three seconds...', 'sent before the upgrade')
      .replace(/^ {2}name: client-\w{10}$/m, '  name: client-before')
      .replace('replicas: 5', 'replicas: 0');
    try {
      await deployment.prepare();
      await deployment.apply(before);
      await deployment.kubectl(['wait', '--for=condition=complete', 'job/client-before', '--timeout=120s'], { timeoutMs: 150_000 });
      await deployment.start();
      const done = async () => (await deployment.logs('worker')).filter(({ text }) => text.includes("done 'sent before the upgrade'")).length;
      await eventually(async () => await done() === 1, { what: 'the message of before to be done', timeoutMs: 60_000 });
    } finally {
      await deployment.remove();
    }
  });
});
