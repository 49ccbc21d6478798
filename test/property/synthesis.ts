import { Application, ComposeProject, KubernetesChart } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { applications } from './applications';
import { AS_DESCRIBED, build, Order } from './build';
import type { Description } from './description';

/** What both targets make of one application; a target is asked only when its output is looked at. */
export class Synthesis {
  public readonly application: Application;
  private readonly kubernetesVersion: string;
  private readonly secretStore?: { name: string };

  public constructor(description: Description, order: Order = AS_DESCRIBED) {
    this.application = build(description, order);
    this.kubernetesVersion = description.nativeSidecars ? '1.29' : '1.27';
    this.secretStore = description.secretStore ? { name: 'vault' } : undefined;
  }

  public get manifest(): string {
    const app = new App();
    this.chart(app);
    return app.synthYaml() as string;
  }

  public get objects(): any[] {
    return this.chart(new App()).toJson();
  }

  public get composeFile(): string {
    return new ComposeProject(this.application, { directory: '/nowhere' }).toYaml();
  }

  public get compose(): any {
    return load(this.composeFile);
  }

  private chart(app: App): KubernetesChart {
    const { application, kubernetesVersion, secretStore } = this;
    return new KubernetesChart(app, 'chart', { application, namespace: 'prod', kubernetesVersion, secretStore });
  }
}

const known = new Map<string, { objects?: any[]; compose?: any }>();

/** Both outputs as parsed objects, made once for all tests of a file: they look at the same applications. */
export function synthesize(description: Description): { readonly objects: any[]; readonly compose: any } {
  const key = JSON.stringify(description);
  const made = known.get(key) ?? {};
  known.set(key, made);
  return {
    get objects() { return made.objects ??= new Synthesis(description).objects; },
    get compose() { return made.compose ??= new Synthesis(description).compose; },
  };
}

/**
 * Checks a property of random applications. The same ones each time, so that a build does not fail by chance:
 * look for more with FC_SEED and FC_RUNS.
 */
export function forAllApplications(check: (description: Description) => void, runs = 200): void {
  const { FC_SEED = '1', FC_RUNS = `${runs}` } = process.env;
  fc.assert(fc.property(applications, check), { seed: Number(FC_SEED), numRuns: Number(FC_RUNS), interruptAfterTimeLimit: 50_000 });
}
