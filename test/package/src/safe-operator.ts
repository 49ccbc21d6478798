import { Caller, FidelityLevel, IProvider, IProviderContext, Primitive, Provision, ProvisionDeviation, Secret, Workload } from 'cdk8s-conduit';

/** Options of the safe operator. */
export interface SafeOperatorProps {
  /** Name of the safe that has the values. */
  readonly safe: string;
  /** Namespace in which the operator runs; from there it tells programs with a port `reload` that a value has changed. */
  readonly namespace: string;
}

const BY_ENTRY: ProvisionDeviation = {
  level: FidelityLevel.EMULATED, feature: 'secret of a safe', reason: 'the operator writes the value into the Secret some seconds after it has changed in the safe',
};
const NO_NAMESPACE: ProvisionDeviation = {
  level: FidelityLevel.REFUSED, feature: 'an entry of a safe', reason: 'it names the namespace of its Secret, which the chart was not told', remedy: "set 'namespace' of the KubernetesChart",
};

/** Has the safe operator write every secret, except what is brought, from the entry of its name in the application's folder. */
export class SafeOperator implements IProvider {
  public constructor(private readonly props: SafeOperatorProps) {}

  public provide(primitive: Primitive, { namespace }: IProviderContext): Provision | undefined {
    if (primitive instanceof Secret && !primitive.existing) return this.makeEntry(primitive, namespace);
    return primitive instanceof Workload ? { callers: this.callersOf(primitive) } : undefined;
  }

  private makeEntry({ name, bundle, key, application }: Secret, namespace?: string): Provision {
    return {
      manifests: [{
        apiVersion: 'safe.example/v1',
        kind: 'SafeEntry',
        metadata: { name },
        spec: { safe: this.props.safe, path: `${application.name}/${name}`, secretRef: { namespace, name: bundle, key } },
      }],
      deviations: [namespace === undefined ? NO_NAMESPACE : BY_ENTRY],
    };
  }

  private callersOf(workload: Workload): Caller[] {
    return workload.ports.filter(({ name }) => name === 'reload')
      .map(({ number }) => ({ workload, port: number, namespaceName: this.props.namespace, podLabels: { app: 'safe-operator' } }));
  }
}
