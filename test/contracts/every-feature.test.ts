import { Application, ComposeProject, FidelityLevel, Keda, KubernetesChart, PortPublishing, Privileges, Targets, Task, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { everyFeature } from './every-feature';
import { singleContainers } from './single-containers';
import { KUBERNETES_DEVIATIONS } from '../../src/targets/kubernetes/deviations';

// some differences are those of older versions, some of newer ones, some of options
const VARIANTS = ['1.27', '1.30'].map(kubernetesVersion =>
  KubernetesChart.target({ namespace: 'prod', kubernetesVersion, portPublishing: PortPublishing.NODE_PORT, providers: [new Keda()] }));
const TARGETS = [...VARIANTS, ...Targets.all.filter(({ name }) => VARIANTS.every(variant => variant.name !== name))];

/** By itself, as judges would complain of it. */
function startingAsRoot(): Application {
  const application = new Application('root');
  new Workload(application, 'web', { image: 'example.test/program:1.0.0', privileges: Privileges.rootThenDrop({ reason: 'it gives its files away' }) });
  return application;
}

test.each(Targets.all.map(({ name }) => name))('%s reports each of its deviations where it occurs', name => {
  const targets = TARGETS.filter(target => target.name === name);
  const applications = [targets.every(({ complete }) => complete ?? true) ? everyFeature() : singleContainers(), startingAsRoot()];
  const reported = targets.flatMap(target => applications.flatMap(application => target.render(application).fidelity)).map(({ reason }) => reason);
  const stated = targets.flatMap(({ deviations }) => deviations).filter(({ level }) => level !== FidelityLevel.REFUSED);
  expect(stated.length).toBeGreaterThan(0);
  expect(stated.filter(({ reason }) => !reported.includes(reason)).map(({ feature }) => feature)).toEqual([]);
});

test('what a target refuses is thrown together, with path, reason and remedy', () => {
  const application = new Application('app');
  const waiting = ['a', 'b'].map(id => new Workload(application, id, { image: 'example.test/program:1.0.0' }));
  const task = new Task(application, 'task', { image: 'example.test/program:1.0.0' });
  for (const workload of waiting) workload.waitFor(task);
  const { feature, reason, remedy } = KUBERNETES_DEVIATIONS.startAfterTask;
  const line = `${feature} cannot be had on Kubernetes: ${reason}; ${remedy}`;
  expect(() => new KubernetesChart(new App(), 'app', { application })).toThrow(`app/a: ${line}\napp/b: ${line}`);
  expect(() => new ComposeProject(application)).not.toThrow();
});
