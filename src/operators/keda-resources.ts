import type { Scaling, ScalingSource } from '../model/scaling';
import type { Secret } from '../model/secret';
import { withinLimit } from '../private/hash';
import { workloadLabels } from '../targets/kubernetes/labels';
import type { Manifest } from '../targets/kubernetes/plain';
import type { IProviderContext } from '../targets/kubernetes/provider';

/** How KEDA reads a backlog; it takes all values as text. */
interface Trigger {
  readonly type: string;
  readonly metadata: Record<string, string>;
}

/** Makes a trigger of a backlog, where it is read, and the values that the broker said. */
type Reader = (source: ScalingSource, address: string, value: (name: string) => string) => Trigger;

/** What KEDA calls the mechanisms of SASL. */
const SASL: Record<string, string> = { 'PLAIN': 'plaintext', 'SCRAM-SHA-256': 'scram_sha256', 'SCRAM-SHA-512': 'scram_sha512' };

/** The version whose protocol KEDA is to speak; without one it speaks that of Kafka 1.0, which newer brokers do not. */
const KAFKA_VERSION = '4.0.0';

/**
 * KEDA's readers, by the protocols of backlogs.
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
const READERS = new Map<string, Reader>([
  ['amqp', ({ targetBacklog, endpoint }, address, value) => ({
    type: 'rabbitmq',
    metadata: { protocol: 'amqp', host: `${endpoint.scheme}://${address}/`, queueName: value('queue'), mode: 'QueueLength', value: `${targetBacklog}` },
  })],
  ['kafka', ({ targetBacklog }, address, value) => ({
    type: 'kafka',
    metadata: {
      bootstrapServers: address,
      topic: value('topic'),
      consumerGroup: value('group'),
      lagThreshold: `${targetBacklog}`,
      offsetResetPolicy: 'earliest', // what a group without a position has not read is the whole topic
      sasl: SASL[value('mechanism')],
      version: KAFKA_VERSION,
    },
  })],
]);

/** Whether KEDA can read all backlogs of a scaling. */
export function canRead({ sources }: Scaling): boolean {
  return sources.every(({ backlog }) => READERS.has(backlog.protocol));
}

/** The ScaledObject of a workload whose replicas follow a backlog, with what KEDA needs to log in where it reads that. */
export function kedaResources(scaling: Scaling, context: IProviderContext): Manifest[] {
  const { workload, min, max, pollingInterval, cooldown, sources } = scaling;
  const labels = workloadLabels(workload, 'workload');
  const window = cooldown.toSeconds();
  return [...sources.flatMap(source => authentication(source, labels)), {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: workload.name, labels },
    spec: {
      scaleTargetRef: { name: workload.name },
      pollingInterval: pollingInterval.toSeconds(),
      cooldownPeriod: window, // from one replica to none
      minReplicaCount: min,
      maxReplicaCount: max,
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: window } } } }, // down to one
      triggers: sources.map(source => trigger(scaling, source, context)),
    },
  }];
}

function trigger({ node }: Scaling, source: ScalingSource, { namespace, clusterDomain }: IProviderContext): object {
  const { backlog: { protocol, values }, endpoint: { host, port, workload }, password } = source;
  const value = (name: string) => {
    if (values[name] === undefined) throw new Error(`${node.path}: a backlog that is read by '${protocol}' needs the value '${name}', got ${JSON.stringify(values)}; have the broker say it`);
    return values[name];
  };
  const address = `${host}${workload ? `.${namespace}.svc.${clusterDomain}` : ''}:${port}`;
  return { ...READERS.get(protocol)!(source, address, value), authenticationRef: { name: password.name } };
}

/** Name and password of the receiver; for some of KEDA's readers the name, and that there is TLS, must come from an object, too. */
function authentication({ userName, password, caCertificates }: ScalingSource, labels: Record<string, string>): Manifest[] {
  const login = withinLimit(`conduit-scaling-${password.name}`, 253);
  const values = { username: userName, ...(caCertificates ? { tls: 'enable' } : {}) };
  const fromSecret = (parameter: string, { bundle, key }: Secret) => ({ parameter, name: bundle, key });
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: login, labels }, data: values },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: { name: password.name, labels },
      spec: {
        configMapTargetRef: Object.keys(values).map(key => ({ parameter: key, name: login, key })),
        secretTargetRef: [fromSecret('password', password), ...(caCertificates ? [fromSecret('ca', caCertificates)] : [])],
      },
    },
  ];
}
