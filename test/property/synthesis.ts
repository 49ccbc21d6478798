import { App } from 'cdk8s';
import { ComposeProject, KubernetesChart } from 'cdk8s-conduit';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { applications } from './applications';
import { AS_DESCRIBED, build, Order } from './build';
import type { Description } from './description';

/** Both targets' output for one application. */
export interface Synthesis {
  /** The manifest; costs most of the time of a synthesis. */
  readonly toManifest: () => string;
  readonly objects: any[];
  readonly composeFile: string;
  readonly compose: any;
}

export function synthesize(description: Description, order: Order = AS_DESCRIBED): Synthesis {
  const application = build(description, order);
  const app = new App();
  const chart = new KubernetesChart(app, 'chart', {
    application,
    namespace: 'prod',
    kubernetesVersion: description.nativeSidecars ? '1.29' : '1.27',
    secretStore: description.secretStore ? { name: 'vault' } : undefined,
  });
  const composeFile = new ComposeProject(application, { directory: '/nowhere' }).toYaml();
  return { toManifest: () => app.synthYaml() as string, objects: chart.toJson(), composeFile, compose: load(composeFile) };
}

/**
 * Checks a property of random applications. The same ones each time, so that a build does not fail by chance:
 * look for more with FC_SEED and FC_RUNS.
 */
export function forAllApplications(check: (description: Description) => void, runs = 300): void {
  const { FC_SEED = '1', FC_RUNS = `${runs}` } = process.env;
  fc.assert(fc.property(applications, check), { seed: Number(FC_SEED), numRuns: Number(FC_RUNS), interruptAfterTimeLimit: 50_000 });
}
