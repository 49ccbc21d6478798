import { ComposeProject } from './compose/compose-project';
import { KubernetesChart } from './kubernetes/kubernetes-chart';
import type { ITarget } from './target';

/** The targets that the library has: the one place that names them all. */
export class Targets {
  /** All of them, with the options that they have by default. */
  public static get all(): ITarget[] {
    return [
      KubernetesChart.target(),
      ComposeProject.target(),
    ];
  }

  private constructor() {}
}
