import {
  Application, BrokerBinding, ChannelOperation, ConfigFile, Declarations, Endpoint, HealthCheck, IBroker, MessageSemantic, QueuePrincipal, QueueRight,
  QueueSpec, SemanticSupport, StartPosition, StreamPrincipal, StreamRight, StreamSpec, TopicPrincipal, TopicSpec, Volume, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { REDIS_STREAMS_SEMANTICS } from './semantics';
import { DECLARED_PATH, RUN_PATH, SETTINGS, SETTINGS_PATH, START, START_PATH, USERS_PATH } from './start';

const RECEIVING = '+xreadgroup +xautoclaim +xclaim +xpending +xack';
const USUAL_TIMEOUT_MS = 30_000;
const IMAGE = { name: 'redis', reference: 'redis:8.0-alpine', uid: 999, gid: 1000, tools: ['sh', 'redis-cli', 'redis-server'] };

/** Redis with streams for queues, for subscribers of topics, and for events. Each subscriber has a stream; a topic is the set of their names. */
export class RedisStreams extends Construct implements IBroker {
  public readonly product = 'Redis Streams';
  public readonly endpoint: Endpoint;

  private readonly workload: Workload;
  private readonly declared = new Declarations(this);

  public constructor(application: Application, id: string) {
    super(application, id);
    const image = application.images.register(IMAGE);
    this.workload = new Workload(this, 'Default', {
      image: image.reference,
      uid: image.uid,
      gid: image.gid,
      command: ['sh', START_PATH],
      ports: [{ name: 'redis', number: 6379, scheme: 'redis' }],
      health: HealthCheck.tcp(6379, { startPeriod: Duration.minutes(3) }),
      stable: true,
      writablePaths: [RUN_PATH],
      resources: { memoryLimit: Size.mebibytes(512) },
    });
    this.endpoint = this.workload.endpoint();
    this.workload.main.mountVolume(new Volume(this, 'Data', { perMember: true, size: Size.gibibytes(8) }), '/data');
    this.addFile('Settings', SETTINGS_PATH, () => SETTINGS);
    this.addFile('Start', START_PATH, () => START);
    this.addFile('Users', USERS_PATH, () => this.renderUsers());
    this.addFile('Declared', DECLARED_PATH, () => this.renderDeclared());
  }

  public support(semantic: MessageSemantic): SemanticSupport {
    return REDIS_STREAMS_SEMANTICS[semantic];
  }

  public declareQueue(queue: QueueSpec): void {
    this.declared.addQueue(queue);
  }

  public declareTopic(topic: TopicSpec): void {
    this.declared.addTopic(topic);
  }

  public declareStream(stream: StreamSpec): void {
    this.declared.addStream(stream);
  }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    this.declared.addQueuePrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    const { queue, right } = principal;
    if (right === QueueRight.SEND) return { variables: { STREAM: queue.queueName } };
    const received = receivedBy(principal);
    const variables: Record<string, string> = {
      STREAM: received, GROUP: received, ACKNOWLEDGEMENT_TIMEOUT_MS: `${queue.acknowledgementTimeout ?? USUAL_TIMEOUT_MS}`,
    };
    if (right === QueueRight.RECEIVE) variables.DELIVERY_LIMIT = `${queue.deliveryLimit}`;
    if (writesDeadLetters(principal)) variables.DEAD_STREAM = queue.deadLetterQueueName!;
    return { variables };
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.declared.addTopicPrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    return { variables: { SUBSCRIBERS: principal.topic.topicName } };
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.declared.addStreamPrincipal(principal);
    this.workload.main.mountSecret(principal.password);
    const { stream: { streamName: STREAM }, right, group } = principal;
    if (right === StreamRight.PUBLISH) return { variables: { STREAM, ENTRY_ID: '0-*' } };
    return { variables: { STREAM, GROUP: group!, ACKNOWLEDGEMENT_TIMEOUT_MS: `${USUAL_TIMEOUT_MS}` } };
  }

  /** A user has rights beside each other, each with commands and keys; who publishes to a topic asks who subscribes to it. */
  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    const [, , rights = ''] = this.renderUsers().split('\n').map(line => /^(\S+) (\S+) (.*)$/.exec(line)?.slice(1) ?? []).find(([, name]) => name === userName) ?? [];
    const isTopic = this.declared.topics.some(({ topicName }) => topicName === channelName);
    const [command, access] = operation === ChannelOperation.RECEIVE ? ['+xreadgroup', 'RW'] : isTopic ? ['+smembers', 'R'] : ['+xadd', 'W'];
    return rights.split(/[()]/).map(right => right.trim().split(' '))
      .some(words => words.includes(command) && [`~${channelName}`, `%${access}~${channelName}`].some(key => words.includes(key)));
  }

  private addFile(id: string, path: string, toText: () => string): void {
    this.workload.main.mountConfigFile(new ConfigFile(this, id, { path, source: { toText } }));
  }

  /** @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/ */
  private renderUsers(): string {
    const { queuePrincipals, topicPrincipals, streamPrincipals } = this.declared;
    return [
      ...queuePrincipals.map(principal => ({ ...principal, rights: queueRights(principal) })),
      ...topicPrincipals.map(principal => ({ ...principal, rights: topicRights(principal, this.subscribersOf(principal.topic)) })),
      ...streamPrincipals.map(principal => ({ ...principal, rights: streamRights(principal) })),
    ].map(({ password, userName, rights }) => `${password.path} ${userName} ${rights}\n`).join('');
  }

  /** Commands that change nothing that is there, but for who subscribes. */
  private renderDeclared(): string {
    const { queues, topics, streamPrincipals } = this.declared;
    const group = (stream: string, name: string, start: string) => `XGROUP CREATE ${stream} ${name} ${start} MKSTREAM\n`;
    const readers = streamPrincipals.filter(({ right }) => right === StreamRight.READ)
      .map(reader => group(reader.stream.streamName, reader.group!, beginningOf(reader)));
    return [
      ...queues.flatMap(({ queueName, deadLetterQueueName }) => [queueName, deadLetterQueueName ?? []].flat().map(name => group(name, name, '0'))),
      ...topics.flatMap(topic => [`DEL ${topic.topicName}\n`, ...this.subscribersOf(topic).map(stream => `SADD ${topic.topicName} ${stream}\n`)]),
      ...new Set(readers),
    ].join('');
  }

  private subscribersOf({ topicName }: TopicSpec): string[] {
    return this.declared.queues.filter(({ source }) => source?.topicName === topicName).map(({ queueName }) => queueName);
  }
}

function receivedBy({ queue, right }: QueuePrincipal): string {
  return right === QueueRight.RECEIVE_DEAD_LETTERS ? queue.deadLetterQueueName! : queue.queueName;
}

/** A consumer sets aside what failed too often by itself. */
function writesDeadLetters({ queue, right }: QueuePrincipal): boolean {
  return right === QueueRight.RECEIVE && queue.deadLetterQueueName !== undefined;
}

function queueRights(principal: QueuePrincipal): string {
  const { queue, right, declares } = principal;
  const declaring = declares ? ' +xgroup|create' : '';
  if (right === QueueRight.SEND) return `%W~${queue.queueName} +xadd${declaring}`;
  const dead = writesDeadLetters(principal) ? ` (%W~${queue.deadLetterQueueName} +xadd)` : '';
  return `~${receivedBy(principal)} ${RECEIVING} +xdel +multi +exec${declaring}${dead}`;
}

/** Whoever publishes may add to the streams of all subscribers, and ask who they are. */
function topicRights({ topic }: TopicPrincipal, subscribers: string[]): string {
  const adding = subscribers.length > 0 ? ` (${subscribers.map(stream => `%W~${stream}`).join(' ')} +xadd)` : '';
  return `%R~${topic.topicName} +smembers +multi +exec${adding}`;
}

function streamRights({ stream: { streamName }, right }: StreamPrincipal): string {
  return right === StreamRight.PUBLISH ? `%W~${streamName} +xadd` : `~${streamName} ${RECEIVING}`;
}

/** The entry after which a group begins. They are numbered from 1, as `0-1`. */
function beginningOf({ startPosition, startAt }: StreamPrincipal): string {
  switch (startPosition) {
    case StartPosition.LATEST: return '$';
    case StartPosition.OFFSET: return `0-${startAt}`;
    default: return '0';
  }
}
