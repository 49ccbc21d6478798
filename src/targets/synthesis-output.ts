import { existsSync } from 'fs';
import { dirname, join, resolve } from 'path';

/** What `cdk8s synth` empties. */
export interface SynthesisOutput {
  /** Absolute path. */
  readonly directory: string;
  /** Whether it is a Helm chart. That takes every file in its `templates` for a manifest, and is packed with every file beside it. */
  readonly isHelmChart: boolean;
}

/** The directory that cdk8s writes to, or the Helm chart of which that is the `templates`. */
export function synthesisOutput(): SynthesisOutput {
  const directory = resolve(process.env.CDK8S_OUTDIR ?? 'dist');
  const isHelmChart = existsSync(join(dirname(directory), 'Chart.yaml'));
  return { directory: isHelmChart ? dirname(directory) : directory, isHelmChart };
}

/** The directory of a target when none is given: within what cdk8s writes to, or beside a Helm chart. */
export function directoryFor(target: string): string {
  const { directory, isHelmChart } = synthesisOutput();
  return isHelmChart ? `${directory}-${target}` : join(directory, target);
}
