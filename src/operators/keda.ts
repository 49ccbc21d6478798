import { OPERATOR_DEVIATIONS as DEVIATIONS } from './deviations';
import { canRead, kedaResources } from './keda-resources';
import type { Primitive } from '../model/primitive';
import { Scaling } from '../model/scaling';
import { checkCall } from '../private/check-call';
import { requireNamespace } from '../targets/kubernetes/namespace';
import type { Caller, IProvider, IProviderContext, Provision } from '../targets/kubernetes/provider';

/** Options of KEDA. */
export interface KedaProps {
  /**
   * Namespace in which KEDA runs; from there it reads the backlogs that replicas follow.
   * @default 'keda'
   */
  readonly namespace?: string;
}

/**
 * Has KEDA scale every workload whose replicas follow a backlog.
 * @see https://keda.sh
 */
export class Keda implements IProvider {
  /** Namespace in which KEDA runs. */
  public readonly namespace: string;

  /** @throws if the namespace is malformed. */
  public constructor(props: KedaProps = {}) {
    checkCall(new.target, 'Keda', arguments);
    this.namespace = requireNamespace('Keda', props.namespace ?? 'keda');
  }

  /** Scalings of which KEDA can read every backlog. */
  public provide(primitive: Primitive, context: IProviderContext): Provision | undefined {
    checkCall(this, 'Keda.provide', arguments);
    if (!(primitive instanceof Scaling && canRead(primitive))) return undefined;
    const inside = primitive.sources.some(({ endpoint }) => endpoint.workload);
    return {
      manifests: kedaResources(primitive, context),
      callers: this.callersOf(primitive),
      deviations: inside && context.namespace === undefined ? [DEVIATIONS.kedaNamespace] : [],
    };
  }

  private callersOf({ sources }: Scaling): Caller[] {
    const podLabels = { app: 'keda-operator' }; // as KEDA's own manifests and its Helm chart have it
    return sources.flatMap(({ endpoint: { workload, port } }) => workload ? [{ workload, port, namespaceName: this.namespace, podLabels }] : []);
  }
}
