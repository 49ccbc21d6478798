import { ComposeProject } from './compose/compose-project';
import { KubernetesChart } from './kubernetes/kubernetes-chart';
import { SwarmStack } from './swarm/swarm-stack';
import type { ITarget } from './target';

/** Targets of the library by which programs run, with the options that they have by default. */
export function runningTargets(): ITarget[] {
  return [
    KubernetesChart.target(),
    ComposeProject.target(),
    SwarmStack.target(),
  ];
}
