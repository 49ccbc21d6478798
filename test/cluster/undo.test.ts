// What is left of an earlier release, so that it can be had back, and how the rest is removed.
import { Application, ConfigFile, HealthCheck, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterEnvironment } from '../live/cluster';
import { command } from '../live/command';
import { describeLive } from '../live/describe-live';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';
import { Output } from '../live/output';

jest.setTimeout(300_000);

const GREETING = '/etc/app/greeting.txt';

/** A service and a workload with members, which see one greeting. */
function release(greeting: string): Application {
  const application = new Application('undo');
  const file = new ConfigFile(application, 'greeting', { path: GREETING, content: greeting });
  const health = HealthCheck.command(['true']); // of a program that tells nothing, a replica counts only after ten seconds
  for (const [id, stable] of [['web', false], ['store', true]] as const) {
    new Workload(application, id, { image: 'busybox:1.37.0-musl', command: ['sleep', '3600'], stable, health }).main.mountConfigFile(file);
  }
  return application;
}

/** The commands of the page that remove what no release needs any more, for an application of that name. */
function pruning(application: string): string {
  const page = readFileSync(join(__dirname, '../../docs/kubernetes.md'), 'utf8');
  const [, commands] = /```sh\n(in_use=[^]+?)```/.exec(page)!;
  return commands.replaceAll('part-of=shop', `part-of=${application}`);
}

describeLive<Kubernetes>('the release before', () => {
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    deployment = new KubernetesDeployment('undo', namespace => Output.ofApplication(release('first'), namespace));
    await deployment.start();
    await deployment.update(release('second'));
  });
  afterAll(() => deployment.remove());

  const seen = () => Promise.all(['web', 'store'].map(workload => deployment.exec(workload, 'cat', GREETING)));
  const undo = async () => {
    for (const name of ['deployment/web', 'statefulset/store']) {
      await deployment.kubectl(['rollout', 'undo', name]);
      await deployment.kubectl(['rollout', 'status', name, '--timeout=120s'], { timeoutMs: 150_000 });
    }
  };
  const configMaps = async () => (await deployment.kubectl(['get', 'configmaps', '-o', 'name'])).split('\n').filter(name => name.includes('greeting'));
  const prune = () => command('bash', ['-ec', `kubectl() { command kubectl -n ${deployment.namespace} "$@"; }\n${pruning('undo')}`], { env: clusterEnvironment() });

  it('comes back with its configuration', async () => {
    expect(await seen()).toEqual(['second', 'second']);
    await undo();
    expect(await seen()).toEqual(['first', 'first']);
  });

  it('is still there when what nobody needs is removed', async () => {
    await deployment.apply();
    await deployment.kubectl(['create', 'configmap', 'greeting-of-others', '--from-literal=content=x']);
    await prune();
    expect(await configMaps()).toHaveLength(3);
    await undo();
    expect(await seen()).toEqual(['first', 'first']);
  });

  it('goes with the others when its workloads are gone', async () => {
    await deployment.kubectl(['delete', 'deployment/web', 'statefulset/store', '--cascade=foreground'], { timeoutMs: 120_000 });
    await prune();
    expect(await configMaps()).toEqual(['configmap/greeting-of-others']);
  });
});
