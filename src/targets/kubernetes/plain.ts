import type { k8s } from 'cdk8s-plus-27';

/**
 * A struct of the Kubernetes API as plain data. Quantities and unions have only a `value`; here they are that text or number.
 */
export type Plain<T> =
  T extends k8s.Quantity | k8s.IntOrString ? (keyof T extends 'value' ? number | string : PlainStruct<T>) :
    T extends Date ? string :
      T extends (infer Element)[] ? Plain<Element>[] :
        T extends object ? PlainStruct<T> :
          T;

type PlainStruct<T> = { [Key in keyof T]: Plain<T[Key]> };

/** A container; `restartPolicy` and the hook `sleep` came after the version that the structs describe. */
export type PlainContainer = Omit<Plain<k8s.Container>, 'lifecycle'> & { restartPolicy?: 'Always'; lifecycle?: { preStop: PlainHook } };

/** What is done before a container is asked to end. */
export type PlainHook = { exec: { command: string[] } } | { sleep: { seconds: number } };

/** A pod's specification with native sidecars. */
export type PlainPodSpec = Omit<Plain<k8s.PodSpec>, 'containers' | 'initContainers'> & {
  containers: PlainContainer[];
  initContainers?: PlainContainer[];
};

/** A Service's specification; the struct spells `clusterIP` in its own way. */
export type PlainServiceSpec = Omit<Plain<k8s.ServiceSpec>, 'clusterIp'> & { clusterIP?: string };

/** An object that goes into a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  readonly [field: string]: unknown;
}
