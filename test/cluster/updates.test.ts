// What clients of a service see while its pods come and go.
import type { Application } from 'cdk8s-conduit';
import { loadAll } from 'js-yaml';
import { servedApplication, underLoad, untilSettled } from './load';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';
import { Output } from '../live/output';

jest.setTimeout(240_000);

describeLive<Kubernetes>('a service of two replicas', () => {
  const state = (greeting: string): Application => servedApplication('updates', greeting);
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    // where the pause is a program of the image
    deployment = new KubernetesDeployment('updates', namespace => Output.ofApplication(state('hello'), namespace, { kubernetesVersion: '1.27' }));
    await deployment.start();
  });
  afterAll(() => deployment.remove());

  const settled = () => untilSettled(deployment, 'server', 2);
  const restart = async () => {
    await deployment.replace('server');
    return settled();
  };
  /** The manifest, with some fields of the server's container left out. */
  const without = (...fields: string[]) => {
    const items: any[] = loadAll(deployment.output.manifest);
    const [container] = items.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'server').spec.template.spec.containers;
    for (const field of fields) {
      expect(container).toHaveProperty(field);
      delete container[field];
    }
    return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  };
  const update = async (manifest: string) => {
    await deployment.apply(manifest);
    await deployment.kubectl(['rollout', 'status', 'deployment/server', '--timeout=60s'], { timeoutMs: 90_000 });
    return settled();
  };

  it('is sent nothing at a replica whose check fails, until it passes', async () => {
    const [sick, healthy] = await settled();
    const mark = (action: string) => deployment.exec('server', 'python', '-c', `import os; ${action}`);
    const untilAnsweredBy = (...replicas: string[]) => eventually(async () => {
      const { answers, failures } = await underLoad(deployment);
      expect([Object.keys(answers).sort(), failures]).toEqual([replicas, []]);
    }, { what: `answers from ${replicas.join(' and ')}` });
    await untilAnsweredBy(sick, healthy);
    await mark("open('/state/sick', 'w')");
    await untilAnsweredBy(healthy);
    expect((await deployment.replicas('server')).map(each => each.healthy)).toEqual([false, true]);
    await mark("os.remove('/state/sick')");
    await untilAnsweredBy(sick, healthy);
  });

  it('loses no request when it is restarted, with manifests for Kubernetes 1.27', async () => {
    const before = await settled();
    let after: string[] = [];
    const { failures, answers } = await underLoad(deployment, async () => { after = await restart(); });
    expect(failures).toEqual([]);
    expect(Object.keys(answers).sort()).toEqual([...before, ...after].sort());
  });

  it('loses no request when it is changed, nor when it is restarted, with manifests for Kubernetes 1.34', async () => {
    const seen = await settled();
    deployment.output.kubernetesVersion = '1.34';
    const { failures, answers } = await underLoad(deployment, async () => {
      await deployment.update(state('goodbye'));
      seen.push(...await settled(), ...await restart());
    });
    expect(failures).toEqual([]);
    expect(new Set(seen).size).toBe(6);
    expect(Object.keys(answers).sort()).toEqual(seen.sort());
  });

  // what follows shows that the load finds what it looks for, and what the manifest does against it
  it('would lose requests if nothing held them back from a replica that starts', async () => {
    const { failures } = await underLoad(deployment, () => update(without('startupProbe', 'readinessProbe')));
    expect(failures).not.toEqual([]);
  });

  it('would lose requests if a replica ended at once', async () => {
    await update(without('lifecycle'));
    const { failures } = await underLoad(deployment, restart);
    expect(failures).not.toEqual([]);
  });
});
