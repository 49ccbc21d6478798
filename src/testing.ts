import { App } from 'cdk8s';
import { load } from 'js-yaml';
import type { Application } from './model/application';
import { ComposeProject, ComposeProjectProps } from './targets/compose/compose-project';
import { KubernetesChart } from './targets/kubernetes/kubernetes-chart';
import type { IProvider } from './targets/kubernetes/provider';

/** What each target makes of an application, as parsed objects: for unit tests of programs and of patterns. */
export class Testing {
  /**
   * The Kubernetes objects, in the order in which they are written.
   * @param options options of the chart, except for the application
   */
  public static kubernetes(application: Application, options: TestingKubernetesOptions = {}): any[] {
    return new KubernetesChart(new App(), application.name, { application, ...options }).toJson();
  }

  /** The Compose file. */
  public static compose(application: Application, options: ComposeProjectProps = {}): any {
    return load(new ComposeProject(application, options).toYaml());
  }

  private constructor() {}
}

/** Options of the chart that a test looks at. */
export interface TestingKubernetesOptions {
  /**
   * Namespace of all objects.
   * @default - none
   */
  readonly namespace?: string;
  /**
   * Oldest version of Kubernetes that the manifests must run on.
   * @default '1.27'
   */
  readonly kubernetesVersion?: string;
  /**
   * Who makes primitives in the place of the chart.
   * @default - none, the chart makes everything itself
   */
  readonly providers?: IProvider[];
}
