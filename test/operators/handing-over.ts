import { Application, ComposeProject, IProvider, KubernetesChart, KubernetesChartProps, TestOutput } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { nameOf, Objects } from '../targets/objects';

/** What a chart makes of an application whose brokers operators run, beside what one makes that runs them itself. */
export class HandedOver extends Objects {
  public readonly chart: KubernetesChart;
  /** Without providers. */
  public readonly usual: any[];
  public readonly compose: any;

  public constructor(application: Application, providers: IProvider[], props: Partial<KubernetesChartProps> = {}) {
    const chart = new KubernetesChart(new App(), 'shop', { application, namespace: 'shop', providers, ...props });
    super(chart.toJson());
    this.chart = chart;
    this.usual = new KubernetesChart(new App(), 'usual', { application, namespace: 'shop', ...props }).toJson();
    this.compose = TestOutput.of(application, ComposeProject.target()).document;
  }

  /** Kinds of the core that the operator's objects stand in for, or that are missing otherwise. */
  public missing(): string[] {
    const key = (object: any) => `${object.kind}/${nameOf(object)}`;
    const there = this.objects.map(key);
    return this.usual.map(key).filter(each => !there.includes(each));
  }

  /** Deployments and Services are what clients and their users see. */
  public clients(objects = this.objects): any[] {
    return objects.filter(({ kind }) => kind === 'Deployment');
  }
}
