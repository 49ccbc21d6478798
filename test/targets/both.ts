import { Application, ComposeProject, ComposeProjectProps, KubernetesChart, KubernetesChartOptions, TestOutput } from 'cdk8s-conduit';
import { Objects } from './objects';

/** What both targets make of one application, for tests that hold them side by side. */
export class Both extends Objects {
  /** The Compose file. */
  public readonly compose: any;

  public constructor(application: Application, kubernetes: KubernetesChartOptions = {}, compose: ComposeProjectProps = {}) {
    super(TestOutput.of(application, KubernetesChart.target(kubernetes)).documents);
    this.compose = TestOutput.of(application, ComposeProject.target(compose)).document;
  }

  /** The specification of the pods of a workload or task. */
  public pod(name: string): any {
    const controllers = this.objects.filter(object => object.spec?.template);
    const found = controllers.filter(object => object.spec.template.metadata.labels['app.kubernetes.io/name'] === name);
    if (found.length !== 1) throw new Error(`${found.length} controllers run '${name}'`);
    return found[0].spec.template.spec;
  }

  /** One container of a pod, its main one unless told otherwise, init containers included. */
  public container(workload: string, name = workload): any {
    const pod = this.pod(workload);
    return [...pod.initContainers ?? [], ...pod.containers].find(container => container.name === name);
  }

  /** Names of a pod's init containers, and of its others. */
  public containerNames(workload: string): { init: string[]; running: string[] } {
    const pod = this.pod(workload);
    const names = (containers: any[] = []) => containers.map(container => container.name);
    return { init: names(pod.initContainers), running: names(pod.containers) };
  }

  /** One service of the Compose file. */
  public service(name: string): any {
    if (!this.compose.services[name]) throw new Error(`Compose has no service '${name}'; it has ${Object.keys(this.compose.services).join(', ')}`);
    return this.compose.services[name];
  }

  /** Variables of a container and of its service; a secret's value is the reference to it. */
  public env(workload: string, service = workload, container = workload): { kubernetes: Record<string, any>; compose: Record<string, any> } {
    const variables = this.container(workload, container).env ?? [];
    return {
      kubernetes: Object.fromEntries(variables.map((variable: any) => [variable.name, variable.value ?? variable.valueFrom.secretKeyRef])),
      compose: this.service(service).environment ?? {},
    };
  }
}
