import { workloadLabels } from './labels';
import type { Manifest } from './plain';
import { BacklogKind } from '../../model/backlog';
import type { Scaling, ScalingSource } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import type { Workload } from '../../model/workload';
import { withinLimit } from '../../private/hash';

/**
 * A trigger of a ScaledObject; KEDA takes all of its values as text.
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
interface Trigger {
  readonly type: 'rabbitmq' | 'kafka';
  readonly metadata: Record<string, string>;
  readonly authenticationRef: { readonly name: string };
}

/** What KEDA calls the mechanisms of SASL. */
const SASL: Record<string, string> = { 'PLAIN': 'plaintext', 'SCRAM-SHA-256': 'scram_sha256', 'SCRAM-SHA-512': 'scram_sha512' };

/** The version whose protocol KEDA is to speak; without one it speaks that of Kafka 1.0, which newer brokers do not. */
const KAFKA_VERSION = '4.0.0';

/** The ScaledObject of a workload whose replicas follow a backlog, with what KEDA needs to log in where it reads that. */
export function lowerScaling(workload: Workload, scaling: Scaling, dnsSuffix: string): Manifest[] {
  const { min, max, pollingInterval, cooldown, sources } = scaling;
  const labels = workloadLabels(workload, 'workload');
  const window = cooldown.toSeconds();
  return [...sources.flatMap(source => lowerAuthentication(source, labels)), {
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
      triggers: sources.map(source => lowerTrigger(source, dnsSuffix)),
    },
  }];
}

function lowerTrigger({ backlog, targetBacklog, endpoint, password }: ScalingSource, dnsSuffix: string): Trigger {
  const address = `${endpoint.host}${endpoint.workload ? dnsSuffix : ''}:${endpoint.port}`;
  const authenticationRef = { name: password.name };
  if (backlog.kind === BacklogKind.AMQP_QUEUE) {
    return {
      type: 'rabbitmq',
      metadata: { protocol: 'amqp', host: `${endpoint.scheme}://${address}/`, queueName: backlog.queueName!, mode: 'QueueLength', value: `${targetBacklog}` },
      authenticationRef,
    };
  }
  const { topic, group, saslMechanism } = backlog.group!;
  return {
    type: 'kafka',
    metadata: {
      bootstrapServers: address,
      topic,
      consumerGroup: group,
      lagThreshold: `${targetBacklog}`,
      offsetResetPolicy: 'earliest', // what a group without a position has not read is the whole topic
      sasl: SASL[saslMechanism],
      version: KAFKA_VERSION,
    },
    authenticationRef,
  };
}

/** Name and password of the receiver; for some of KEDA's readers the name, and that there is TLS, must come from an object, too. */
function lowerAuthentication({ userName, password, authority }: ScalingSource, labels: Record<string, string>): Manifest[] {
  const login = withinLimit(`conduit-scaling-${password.name}`, 253);
  const values = { username: userName, ...(authority ? { tls: 'enable' } : {}) };
  const fromSecret = (parameter: string, { group, key }: Secret) => ({ parameter, name: group, key });
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: login, labels }, data: values },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: { name: password.name, labels },
      spec: {
        configMapTargetRef: Object.keys(values).map(key => ({ parameter: key, name: login, key })),
        secretTargetRef: [fromSecret('password', password), ...(authority ? [fromSecret('ca', authority)] : [])],
      },
    },
  ];
}
