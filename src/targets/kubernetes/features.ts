import type { Application } from '../../model/application';

/** What the oldest version that the manifests must run on can do. */
export interface Features {
  /** Init containers that run on. */
  readonly nativeSidecars: boolean;
  /** Hooks that sleep without a program of the image. */
  readonly nativeSleep: boolean;
  /** Affinity to the pods of one state of a Deployment. */
  readonly affinityByRevision: boolean;
}

/** @throws if the version is malformed or too old. */
export function featuresOf({ name }: Application, version = '1.30'): Features {
  const minor = Number(/^1\.(\d+)(\.\d+)?$/.exec(version)?.[1]);
  if (Number.isNaN(minor)) throw new Error(`${name}: 'kubernetesVersion' must be a version such as 1.29, got '${version}'`);
  if (minor < 27) throw new Error(`${name}: 'kubernetesVersion' must be 1.27 or newer, got '${version}'`);
  return { nativeSidecars: minor >= 29, nativeSleep: minor >= 30, affinityByRevision: minor >= 31 };
}
