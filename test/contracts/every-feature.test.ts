import { Application, ComposeProject, FidelityEntry, FidelityLevel, KubernetesChart, PortPublishing, Task, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { everyFeature } from './every-feature';
import { COMPOSE_DEVIATIONS } from '../../src/targets/compose/deviations';
import type { Deviation } from '../../src/targets/fidelity';
import { KUBERNETES_DEVIATIONS } from '../../src/targets/kubernetes/deviations';

/** Reasons that a target can give, and does not give for an application that uses everything. */
function unreported(deviations: Record<string, Deviation>, fidelity: FidelityEntry[]): string[] {
  const reported = fidelity.map(({ reason }) => reason);
  return Object.values(deviations).filter(({ level, reason }) => level === FidelityLevel.EMULATED && !reported.includes(reason)).map(({ feature }) => feature);
}

test('each target reports each of its deviations where it occurs', () => {
  const application = everyFeature();
  // some are those of older versions, some of newer ones, some of options
  const charts = ['1.27', '1.30'].map(kubernetesVersion => new KubernetesChart(new App(), 'every', {
    application, namespace: 'prod', kubernetesVersion, portPublishing: PortPublishing.NODE_PORT,
  }));
  expect(unreported(KUBERNETES_DEVIATIONS, charts.flatMap(chart => chart.fidelity))).toEqual([]);
  expect(unreported(COMPOSE_DEVIATIONS, new ComposeProject(application).fidelity)).toEqual([]);
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
