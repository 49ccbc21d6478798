// The contract finds what is wrong with the rights that a broker writes for its server: brokers that are right but for their access list.
import {
  Application, BrokerBinding, BrokerContract, ChannelOperation, ConfigFile, Declarations, Endpoint, IBroker, QueuePrincipal, QueueRight, QueueSpec,
  StreamPrincipal, StreamRight, StreamSpec, SupportLevel, TopicPrincipal, TopicSpec, Workload,
} from 'cdk8s-conduit';

const STATEMENT = 'a user may do what it was granted, and nobody may do more';

/** A line of an access list: a user, and topics that it may write to or read, where `+` is any word and `#` any further ones. */
interface Rule { readonly user: string; readonly access: 'read' | 'write' | 'readwrite'; readonly topic: string }

/** What a broker makes of the rules that would be right. */
type Render = (rules: Rule[]) => Rule[];

/** A broker whose server reads an access list as Mosquitto does. */
class Courier implements IBroker {
  public readonly product = 'Courier';
  public readonly endpoint: Endpoint;
  private readonly server: Workload;
  private readonly declared: Declarations;

  public constructor(application: Application, id: string, private readonly render: Render) {
    this.server = new Workload(application, id, { image: 'registry.example/acme/courier:1.0', ports: [{ name: 'mqtt', number: 1883 }] });
    this.endpoint = this.server.endpoint();
    this.declared = new Declarations(this.server);
    const source = { toText: () => this.accessList };
    this.server.main.mountConfigFile(new ConfigFile(this.server, 'Access', { path: '/etc/courier/acl', source }));
  }

  public support() { return { level: SupportLevel.NATIVE, how: 'somehow' }; }
  public declareQueue(queue: QueueSpec): void { this.declared.addQueue(queue); }
  public declareTopic(topic: TopicSpec): void { this.declared.addTopic(topic); }
  public declareStream(stream: StreamSpec): void { this.declared.addStream(stream); }

  public grantQueue(principal: QueuePrincipal): BrokerBinding {
    this.declared.addQueuePrincipal(principal);
    return this.bind(principal, principal.queue.queueName);
  }

  public grantTopic(principal: TopicPrincipal): BrokerBinding {
    this.declared.addTopicPrincipal(principal);
    return this.bind(principal, principal.topic.topicName);
  }

  public grantStream(principal: StreamPrincipal): BrokerBinding {
    this.declared.addStreamPrincipal(principal);
    return this.bind(principal, principal.stream.streamName);
  }

  /** Reads what the server reads. */
  public permits(userName: string, operation: ChannelOperation, channelName: string): boolean {
    let user = '';
    return this.accessList.split('\n').some(line => {
      const [key, ...values] = line.split(' ');
      if (key === 'user') user = values[0];
      const wanted = operation === ChannelOperation.SEND ? 'write' : 'read';
      return key === 'topic' && [userName, '*'].includes(user) && values[0].includes(wanted) && matches(values[1], channelName);
    });
  }

  private get accessList(): string {
    return this.render(this.rules()).map(({ user, access, topic }) => `user ${user}\ntopic ${access} ${topic}\n`).join('');
  }

  private rules(): Rule[] {
    const { queuePrincipals, topicPrincipals, streamPrincipals } = this.declared;
    return [
      ...queuePrincipals.map(({ userName: user, right, queue: { queueName, deadLetterQueueName } }): Rule => right === QueueRight.RECEIVE_DEAD_LETTERS
        ? { user, access: 'read', topic: deadLetterQueueName! }
        : { user, access: right === QueueRight.SEND ? 'write' : 'read', topic: queueName }),
      ...topicPrincipals.map(({ userName: user, topic: { topicName: topic } }): Rule => ({ user, access: 'write', topic })),
      ...streamPrincipals.map(({ userName: user, right, stream: { streamName: topic } }): Rule =>
        ({ user, access: right === StreamRight.PUBLISH ? 'write' : 'read', topic })),
    ];
  }

  private bind({ password }: QueuePrincipal | TopicPrincipal | StreamPrincipal, name: string): BrokerBinding {
    this.server.main.mountSecret(password);
    return { variables: { NAME: name } };
  }
}

function matches(pattern: string, name: string): boolean {
  const [words, wanted] = [name.split('.'), pattern.split('.')];
  return wanted.every((word, index) => ['+', '#', words[index]].includes(word)) && (wanted[wanted.length - 1] === '#' || words.length === wanted.length);
}

/** What the contract finds; undefined if nothing. */
function judge(render: Render): string | undefined {
  const all = BrokerContract.cases({ makeBroker: (application, id) => new Courier(application, id, render) });
  const cases = all.filter(({ statement }) => statement === STATEMENT);
  if (cases.length !== 1) throw new Error(`${cases.length} cases are '${STATEMENT}'`);
  try {
    cases[0].check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test('a broker whose access list has what was granted, and nothing else, passes', () => {
  expect(judge(rules => rules)).toBeUndefined();
});

const only = (user: string, change: (rule: Rule) => Rule[]): Render => rules => rules.flatMap(rule => rule.user === user ? change(rule) : [rule]);

test.each<[string, Render, string]>([
  ['is empty', () => [], "'orders-seller-send' must be allowed to send to 'orders', which it was granted, and is not"],
  ['lets everyone do everything', () => [{ user: '*', access: 'readwrite', topic: '#' }], "'nobody' is no user, and must not be allowed to send to 'orders'"],
  ['lets each of its users do everything', rules => rules.map(({ user }) => ({ user, access: 'readwrite', topic: '#' })),
    "'orders-seller-send' was granted to send to 'orders', and must not be allowed to receive from 'orders'"],
  ['forgets one user', only('orders-packer-receive', () => []), "'orders-packer-receive' must be allowed to receive from 'orders', which it was granted, and is not"],
  ['takes sending for receiving', only('orders-seller-send', rule => [{ ...rule, access: 'read' }]), "'orders-seller-send' must be allowed to send to 'orders', which it was granted, and is not"],
  ['lets a sender receive', only('orders-seller-send', rule => [{ ...rule, access: 'readwrite' }]),
    "'orders-seller-send' was granted to send to 'orders', and must not be allowed to receive from 'orders'"],
  ['lets a receiver have dead letters', only('orders-packer-receive', rule => [{ ...rule, topic: 'orders.#' }]),
    "'orders-packer-receive' was granted to receive from 'orders', and must not be allowed to receive from 'orders.dead'"],
  ['lets a reader write events', only('log-analyst-read', rule => [rule, { ...rule, access: 'write' }]), "'log-analyst-read' was granted to receive from 'log', and must not be allowed to send to 'log'"],
  ['lets a publisher send to a queue of one word', only('news-editor-publish', rule => [{ ...rule, topic: '+' }]),
    "'news-editor-publish' was granted to send to 'news', and must not be allowed to send to 'orders'"],
  ['gives a receiver the messages of a name that is alike', only('orders-helper-receive', rule => [rule, { ...rule, topic: 'orders-dead' }]),
    "'orders-helper-receive' was granted to receive from 'orders', and must not be allowed to receive from 'orders-dead'"],
])('a broker whose access list %s is found out', (_, render, message) => {
  expect(judge(render)).toContain(message);
});
