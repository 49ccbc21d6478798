import { KubernetesChart } from 'cdk8s-conduit';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { changesOfApplyingAgain, Sandbox } from './acceptance';
import { Document, documentsOf, goldenManifest, HEADLESS_WARNING } from './api';
import { claimsOf } from './remains';
import { exampleNames } from '../examples/synthesize';
import { describeLive } from '../live/describe-live';
import { applications } from '../property/applications';
import { build } from '../property/build';

jest.setTimeout(1_000_000);

/** How many random applications are tried at the same time. */
const AT_ONCE = 6;
/** The same ones each time: look for more with these. */
const { FC_SEED = '1', FC_RUNS = '100' } = process.env;

describeLive('the API server', () => {
  let sandbox: Sandbox;
  let definition: Document | undefined;

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    const operator = JSON.parse(execFileSync('go', ['mod', 'download', '-json', 'github.com/external-secrets/external-secrets@v1.3.2'], { encoding: 'utf8' }));
    const [externalSecrets] = documentsOf(readFileSync(join(operator.Dir, 'config/crds/bases/external-secrets.io_externalsecrets.yaml'), 'utf8'));
    const { status } = await sandbox.api.define(externalSecrets);
    if (status === 201) definition = externalSecrets;
  });

  afterAll(async () => {
    if (definition) await sandbox.api.delete(definition.object);
    await sandbox.close();
  });

  const inNamespace = (use: (namespace: string) => Promise<void>) => sandbox.inNamespace(use);

  /** Applies objects, each twice, and deletes them. */
  async function tryOut(documents: Document[], namespace: string): Promise<void> {
    expect(await sandbox.problemsOf(documents, namespace)).toEqual([]);
    const answers = await Promise.all(documents.map(({ object }) => sandbox.api.delete(object, namespace)));
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
    expect(await sandbox.leftIn(namespace, claimsOf(documents))).toEqual([]);
  }

  const exampleDocuments = (name: string) => documentsOf(goldenManifest(name));

  describe('accepted in silence, complete, the same when applied again, and gone when deleted:', () => {
    test.each(exampleNames)('examples/%s', name => inNamespace(namespace => tryOut(exampleDocuments(name), namespace)));

    test(`${FC_RUNS} random applications`, async () => {
      const parts = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, part) => fc.assert(fc.asyncProperty(applications, description =>
        inNamespace(async namespace => {
          const app = new App();
          new KubernetesChart(app, 'chart', {
            application: build(description),
            namespace,
            kubernetesVersion: description.nativeSidecars ? '1.34' : '1.27',
            secretStore: description.secretStore ? { name: 'vault' } : undefined,
          });
          await tryOut(documentsOf(app.synthYaml() as string), namespace);
        })), { seed: Number(FC_SEED) + part, numRuns: Math.ceil(Number(FC_RUNS) / AT_ONCE), interruptAfterTimeLimit: 900_000, markInterruptAsFailure: true })));
      for (const part of parts) if (part.status === 'rejected') throw part.reason;
    });
  });

  describe('found:', () => {
    /** The objects of an example, with one of them changed. */
    function changed(kind: string, change: (object: any) => void): Document[] {
      return exampleDocuments('04-work-queue').filter(({ object }) => object.kind === 'ServiceAccount' || object.kind === kind).map(({ text, object }) => {
        if (object.kind !== kind) return { text, object };
        change(object);
        return { text: JSON.stringify(object), object };
      });
    }

    const firstContainer = ({ spec }: any) => spec.template.spec.containers[0];

    test.each<[string, string, (object: any) => void, string[]]>([
      ['an unknown field', 'Deployment', object => { firstContainer(object).readOnlyRoot = true; }, [
        'refused: .*readOnlyRoot: field not declared in schema', 'refused: .*unknown field "spec.containers\\[0\\].readOnlyRoot"',
      ]],
      ['a deprecated annotation', 'StatefulSet', object => { object.spec.template.metadata.annotations['container.apparmor.security.beta.kubernetes.io/broker'] = 'runtime/default'; }, [
        'warning: .*deprecated since v1.30', 'warning: .*deprecated since v1.30',
      ]],
      ['a pod that asks for too much', 'Job', object => { firstContainer(object).securityContext = { privileged: true }; }, [
        'warning: would violate PodSecurity "restricted', 'refused: .*violates PodSecurity "restricted',
      ]],
      ['a value that is not kept', 'PodDisruptionBudget', object => { object.status = { disruptionsAllowed: 7 }; }, [
        '.status.disruptionsAllowed is 0 instead of 7',
      ]],
      ['a value of the wrong type', 'PodDisruptionBudget', object => { object.metadata.annotations = { 'example.test/on': true }; }, [
        'refused: .*',
      ]],
    ])('%s', (_, kind, change, messages) => inNamespace(async namespace => {
      const problems = await sandbox.problemsOf(changed(kind, change), namespace);
      expect(problems).toEqual(messages.map(message => expect.stringMatching(`^${kind} [\\w-]+: ${message}`)));
    }));

    test('a change of what cannot change', () => inNamespace(async namespace => {
      await sandbox.problemsOf(changed('StatefulSet', () => {}), namespace);
      expect(await sandbox.problemsOf(changed('StatefulSet', ({ spec }) => { spec.serviceName = 'other'; }), namespace))
        .toEqual([expect.stringMatching('^StatefulSet broker: refused: .*updates to statefulset spec for fields other than')]);
    }));

    test('a second application that changes something', () => inNamespace(async namespace => {
      const [, document] = changed('PodDisruptionBudget', () => {});
      const first = await sandbox.api.apply(document, namespace);
      const [, other] = changed('PodDisruptionBudget', ({ metadata }) => { metadata.annotations = { 'example.test/changed': 'yes' }; });
      expect(await changesOfApplyingAgain(sandbox.api, document, namespace, first)).toEqual([]);
      expect(await changesOfApplyingAgain(sandbox.api, other, namespace, first)).toEqual(['changes when it is applied again']);
    }));

    test('what is left', () => inNamespace(async namespace => {
      const [account] = exampleDocuments('04-work-queue');
      await sandbox.api.apply(account, namespace);
      expect(await sandbox.leftIn(namespace, [], 0)).toEqual(['ServiceAccount work']);
    }));
  });

  test('the one warning that is let pass is given by the versions that are known for it', () => inNamespace(async namespace => {
    const service = exampleDocuments('04-work-queue').find(({ object }) => object.kind === 'Service')!;
    const { body: { gitVersion } } = await sandbox.api.request('GET', 'version');
    expect((await sandbox.api.apply(service, namespace)).warnings).toEqual(/^v1\.34\.[01]\b/.test(gitVersion) ? [HEADLESS_WARNING] : []);
  }));
});
