import { RABBIT_MQ_STARTUP } from './programs.generated';
import { LABELS, Own, pullSecrets, resourceName, RESTRICTED_CONTAINER, spread } from './taking-over';
import type { definitionsOf } from '../brokers/rabbit-mq/definitions';
import type { RabbitMq } from '../brokers/rabbit-mq/rabbit-mq';
import { shortHash } from '../private/hash';
import { program } from '../private/program';
import { escapeReferences, lowerResources } from '../targets/kubernetes/container';
import type { Manifest } from '../targets/kubernetes/plain';
import type { IProviderContext } from '../targets/kubernetes/provider';
import { sizeQuantity } from '../targets/kubernetes/quantities';

/** What a broker is to have. */
export type Definitions = ReturnType<typeof definitionsOf>;

const API_VERSION = 'rabbitmq.com/v1beta1';
const VHOST = '/';

/**
 * The cluster.
 *
 * Clients find a pod when it is ready, and it is ready when everything is declared. So the topology operator, which declares it, has to
 * find pods before they are: through the operator's own Service, of which no client is told.
 * @see https://www.rabbitmq.com/kubernetes/operator/using-operator
 */
export function rabbitMqCluster(
  name: string, { workload, caCertificates, storage, settings = {} }: Own<RabbitMq>, definitions: Definitions, selector: Record<string, string>,
  managementPort: number, context: IProviderContext,
): Manifest {
  const { replicas, main } = workload;
  return {
    apiVersion: API_VERSION,
    kind: 'RabbitmqCluster',
    metadata: {
      name,
      labels: LABELS,
      // by TLS the topology operator would ask for a name that is not in the certificate
      annotations: caCertificates ? { 'rabbitmq.com/operator-connection-uri': `http://${name}.${context.namespace}.svc:${managementPort}` } : undefined,
    },
    spec: {
      replicas,
      image: main.image,
      imagePullSecrets: pullSecrets(context),
      persistence: { storage: sizeQuantity(storage.size.toMebibytes()), storageClassName: storage.storageClass },
      resources: lowerResources(main.resources),
      rabbitmq: { additionalConfig: Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join('') },
      tls: caCertificates ? { secretName: caCertificates.bundle } : undefined,
      override: {
        service: { spec: { publishNotReadyAddresses: true } },
        statefulSet: {
          spec: {
            template: {
              spec: {
                topologySpreadConstraints: replicas > 1 ? spread(selector) : undefined,
                containers: [{ name: 'rabbitmq', securityContext: RESTRICTED_CONTAINER, startupProbe: startupProbe(definitions) }],
              },
            },
          },
        },
      },
    },
  };
}

/** Users, queues and what belongs to them: a resource each. What holds messages stays when its resource goes. */
export function rabbitMqTopology(cluster: string, { workload, declared: { principals } }: Own<RabbitMq>, definitions: Definitions): Manifest[] {
  const resource = (kind: string, name: string, spec: object): Manifest =>
    ({ apiVersion: API_VERSION, kind, metadata: { name, labels: LABELS }, spec: { ...spec, rabbitmqClusterReference: { name: cluster } } });
  const { permissions, policies, queues, exchanges, bindings } = definitions;
  return [
    ...principals.map(({ userName, password }) => resource('User', userName, { importCredentialsSecret: { name: password.bundle } })),
    ...queues.map(({ name, durable, auto_delete: autoDelete, arguments: { 'x-queue-type': type, ...more } }) =>
      resource('Queue', resourceName(workload, name), { name, vhost: VHOST, type, durable, autoDelete, arguments: given(more), deletionPolicy: 'retain' })),
    ...exchanges.map(({ name, type, durable, auto_delete: autoDelete }) =>
      resource('Exchange', resourceName(workload, name), { name, vhost: VHOST, type, durable, autoDelete })),
    ...bindings.map(({ source, destination, destination_type: destinationType, routing_key: routingKey, arguments: headers }) =>
      resource('Binding', resourceName(workload, `${destination}.${shortHash(`${source} ${destination} ${destinationType} ${routingKey}`)}`), {
        source, vhost: VHOST, destination, destinationType, routingKey, arguments: given(headers),
      })),
    // a pattern matches one name, so that it need not be said of which kind that is
    ...policies.map(({ name, pattern, priority, definition }) =>
      resource('Policy', resourceName(workload, name), { name, vhost: VHOST, pattern, applyTo: 'queues', priority, definition })),
    ...permissions.map(({ user, configure, write, read }) => resource('Permission', user, { user, vhost: VHOST, permissions: { configure, write, read } })),
  ];
}

/** Succeeds once everything is declared, and from then on without asking again. */
function startupProbe({ queues, bindings, policies, permissions }: Definitions) {
  const script = program({ PERMISSIONS: permissions.length, QUEUES: queues.length, BINDINGS: bindings.length, POLICIES: policies.length }, RABBIT_MQ_STARTUP);
  return { exec: { command: ['sh', '-c', escapeReferences(script)] }, periodSeconds: 5, timeoutSeconds: 60, failureThreshold: 2 ** 31 - 1 };
}

function given(values: object): object | undefined {
  return Object.keys(values).length > 0 ? values : undefined;
}
