// Fields of the custom resources of RabbitMQ's operators and of NACK, as far as they are emitted. No package registry has their schemas,
// so these are written by hand, from the Go types and CRDs of the operators' repositories, read in November 2026.

const text = { type: 'string' };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const texts = { type: 'array', items: text };
const object = (properties: Record<string, unknown>, required: string[] = []) => ({ type: 'object', properties, required });
const oneOf = (...values: string[]) => ({ type: 'string', enum: values });
const free = { type: 'object' };
const named = object({ name: text }, ['name']);

const cluster = { rabbitmqClusterReference: object({ name: text, namespace: text, connectionSecret: named }) };
const ofCluster = (properties: Record<string, unknown>, required: string[]) => object({ ...cluster, ...properties }, ['rabbitmqClusterReference', ...required]);

/** rabbitmq/cluster-operator and rabbitmq/messaging-topology-operator, api/v1beta1/*_types.go. */
export const RABBIT_MQ_FACTS = {
  RabbitmqCluster: object({
    replicas: whole,
    image: text,
    imagePullSecrets: { type: 'array', items: named },
    persistence: object({ storageClassName: text, storage: text }),
    resources: object({ requests: free, limits: free }),
    rabbitmq: object({ additionalPlugins: texts, additionalConfig: text, advancedConfig: text, envConfig: text }),
    tls: object({ secretName: text, caSecretName: text, disableNonTLSListeners: flag }),
    // what is in here is merged into objects of Kubernetes itself
    override: object({
      service: object({ metadata: free, spec: free }),
      statefulSet: object({ metadata: free, spec: object({ template: object({ metadata: free, spec: { ...free, required: ['containers'] } }) }) }),
    }),
  }),
  User: ofCluster({ tags: texts, importCredentialsSecret: named }, []),
  Queue: ofCluster({ name: text, vhost: text, type: text, durable: flag, autoDelete: flag, arguments: free, deletionPolicy: oneOf('delete', 'retain') }, ['name']),
  Exchange: ofCluster({ name: text, vhost: text, type: text, durable: flag, autoDelete: flag, arguments: free }, ['name']),
  Binding: ofCluster({ vhost: text, source: text, destination: text, destinationType: oneOf('exchange', 'queue'), routingKey: text, arguments: free }, []),
  Policy: ofCluster(
    { name: text, vhost: text, pattern: text, applyTo: oneOf('queues', 'exchanges', 'all'), priority: whole, definition: free }, ['name', 'pattern', 'definition'],
  ),
  Permission: ofCluster(
    { user: text, userReference: named, vhost: text, permissions: object({ configure: text, write: text, read: text }) }, ['vhost', 'permissions'],
  ),
};

const time = { type: 'string', pattern: '^([0-9.]+(ns|us|ms|s|m|h))*$' };
const name = { type: 'string', pattern: '^[^.*>]+$' };
const connection = { account: name, preventDelete: flag, preventUpdate: flag };

/** nats-io/nack, deploy/crds and pkg/jetstream/apis/jetstream/v1beta2. */
export const NACK_FACTS = {
  Account: object({
    servers: { ...texts, minItems: 1 },
    user: object({ secret: named, user: text, password: text }, ['secret', 'user', 'password']),
    tls: object({ secret: named, ca: text, cert: text, key: text }),
  }),
  Stream: object({
    ...connection,
    name,
    subjects: { ...texts, minItems: 1 },
    retention: oneOf('limits', 'interest', 'workqueue'),
    storage: oneOf('file', 'memory'),
    replicas: { ...whole, minimum: 1 },
    discard: oneOf('old', 'new'),
    maxConsumers: whole,
    maxMsgs: whole,
    maxBytes: whole,
    maxMsgsPerSubject: whole,
    maxAge: time,
    duplicateWindow: time,
    allowMsgSchedules: flag,
  }),
  Consumer: object({
    ...connection,
    streamName: text,
    durableName: name,
    ackPolicy: oneOf('none', 'all', 'explicit'),
    ackWait: time,
    backoff: { type: 'array', items: time },
    deliverPolicy: oneOf('all', 'last', 'new', 'byStartSequence', 'byStartTime'),
    optStartSeq: { ...whole, minimum: 0 },
    optStartTime: text,
    filterSubject: text,
    filterSubjects: texts,
    maxDeliver: { ...whole, minimum: -1 },
    maxAckPending: whole,
    priorityPolicy: text,
    priorityGroups: texts,
    pinnedTtl: time,
  }),
};
