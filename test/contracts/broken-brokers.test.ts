// The contract finds what is wrong: brokers that are right but for one thing.
import {
  Application, BrokerContract, ConfigFile, EnvValue, IBroker, MessageSemantic, Protocol, QueueRight, QueueSpec, RabbitMq, SupportLevel, Task, Workload,
} from 'cdk8s-conduit';

const IMAGE = 'registry.example/acme/broker:1.0';
const PRIORITY = "'maxPriority' (priority) is refused with path, product and reason, or makes a difference";
const LENGTH = "'maxLength' (length limit) is refused with path, product and reason, or makes a difference";

type Change = (broker: RabbitMq, application: Application) => Partial<IBroker>;

/** What the contract finds in a RabbitMQ of which something was changed; undefined if nothing. */
function judge(statement: string, change: Change): string | undefined {
  const makeBroker = (application: Application, id: string): IBroker => {
    const broker = new RabbitMq(application, id);
    return {
      product: broker.product,
      endpoint: broker.endpoint,
      support: (semantic, kind) => broker.support(semantic, kind),
      declareQueue: queue => broker.declareQueue(queue),
      declareTopic: topic => broker.declareTopic(topic),
      declareStream: stream => broker.declareStream(stream),
      grantQueue: principal => broker.grantQueue(principal),
      grantTopic: principal => broker.grantTopic(principal),
      grantStream: principal => broker.grantStream(principal),
      permits: (userName, operation, channelName) => broker.permits(userName, operation, channelName),
      ...change(broker, application),
    };
  };
  const cases = BrokerContract.cases({ makeBroker }).filter(each => each.statement === statement);
  if (cases.length !== 1) throw new Error(`${cases.length} cases are '${statement}'`);
  try {
    cases[0].check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const workloadsOf = (application: Application) => application.node.findAll().filter(construct => construct instanceof Workload);

let counter = 0;
beforeEach(() => { counter = 0; });

test.each<[string, string, Change, string]>([
  ['that has no name', 'it has a name, and an endpoint that the application has, or that is outside of it', () => ({ product: ' ' }),
    "contract of  : 'product' must be what people call the server, got ' '"],
  ['that is in another application', 'it has a name, and an endpoint that the application has, or that is outside of it',
    () => ({ endpoint: new RabbitMq(new Application('elsewhere'), 'broker').endpoint }),
    "contract of RabbitMQ: the endpoint's workload must be in the server's application, got 'elsewhere/broker/Default'"],
  ['that gives no reason', 'it answers for every semantic, and every kind of channel, with a level and a reason', () => ({ support: () => ({ level: SupportLevel.NATIVE, how: '' }) }),
    "contract of RabbitMQ: 'durable messages' of a queue must have a text that says how, or why not, got ''"],
  ['that changes its mind', 'it answers for every semantic, and every kind of channel, with a level and a reason', () => ({ support: () => ({ level: SupportLevel.NATIVE, how: `${counter++}` }) }),
    "contract of RabbitMQ: 'durable messages' of a queue must have the same answer each time, got '0' and '1'"],
  ['that takes nothing', 'it takes queues, topics or streams, and refuses the others where they are declared', () => {
    const refuse = () => { throw new Error('no'); };
    return { declareQueue: refuse, declareTopic: refuse, declareStream: refuse };
  }, "contract of RabbitMQ: a queue must be taken, or refused with its path and 'RabbitMQ', got 'no'"],
  ['that cannot be without users', 'it can be there without anyone who uses it', broker => {
    const users: string[] = [];
    broker.workload!.main.mountConfigFile(new ConfigFile(broker, 'First', { path: '/first', source: { toText: () => users[0].trim() } }));
    return {};
  }, "Cannot read properties of undefined (reading 'trim')"],
  ['that does not say which queue', 'a client is told address, user, the file of the password, and the name of what it may use',
    broker => ({ grantQueue: principal => { broker.grantQueue(principal); return { variables: {} }; } }),
    "contract of RabbitMQ: on Kubernetes 'seller' must be told 'orders' by a variable of its own, got none"],
  ['that does not know its users', 'each grant has a user and a password of its own, a file that only client and server see',
    () => ({ grantTopic: ({ topic }) => ({ variables: { EXCHANGE: topic.topicName } }) }),
    "contract of RabbitMQ: on Kubernetes the server must have the password of 'news-editor-publish' as a file, and only editor has it"],
  ['that has a password in a variable', 'each grant has a user and a password of its own, a file that only client and server see', broker => ({
    grantStream: principal => {
      broker.workload!.main.setEnv(`USER_${counter++}`, EnvValue.secret(principal.password));
      return broker.grantStream(principal);
    },
  }), "on Compose no variable must hold the password of 'log-writer-publish', got USER_0 of 'broker'"],
  ['that gives the password to all', 'each grant has a user and a password of its own, a file that only client and server see', (broker, application) => ({
    grantStream: principal => {
      for (const workload of workloadsOf(application)) workload.main.mountSecret(principal.password);
      return broker.grantStream(principal);
    },
  }), "on Kubernetes no other client must have the password of 'log-writer-publish', got archivist"],
  ['whose task nobody can wait for', 'a client starts after the server, and after what provisions it', (broker, application) => {
    const task = new Task(application, 'declare', { image: IMAGE });
    return { grantQueue: principal => ({ ...broker.grantQueue(principal), task }) };
  }, 'waiting for a task that has no completion check cannot be had on Kubernetes'],
  ['that nobody can wait for', 'a client starts after the server, and after what provisions it', (_, application) => ({
    endpoint: new Workload(application, 'bus', { image: IMAGE, ports: [{ name: 'bus', number: 1, protocol: Protocol.UDP }] }).endpoint(),
  }), "contract of RabbitMQ: on Kubernetes 'seller' must start after 'bus', got nothing to wait for"],
  ['that shows its clients more', 'a client reaches the server, and nothing else', (broker, application) => {
    const console = new Workload(application, 'console', { image: IMAGE, ports: [{ name: 'http', number: 80 }] });
    return {
      grantTopic: principal => {
        for (const workload of workloadsOf(application)) if (workload.name.endsWith('editor')) workload.connectTo(console.endpoint());
        return broker.grantTopic(principal);
      },
    };
  }, "on Compose the network must be open between 'editor' and broker, got broker, console"],
  ['that lets whoever receives send', 'each right is another one', broker => ({ grantQueue: principal => broker.grantQueue({ ...principal, right: QueueRight.SEND }) }),
    "contract of RabbitMQ: 'the right to receive from a queue' must be another thing than 'the right to send to a queue' to the broker, but gives the same output"],
  ['that takes a name for the second time', 'a name is taken once', broker => ({
    declareQueue: queue => { if (queue.path.endsWith('orders')) broker.declareQueue(queue); },
  }), "contract of RabbitMQ: a second queue 'orders' must be refused with 'contract/again-0' and the name, got no refusal"],
  ['that lists things as they come', 'the order of declarations and grants makes no difference', broker => {
    const names: string[] = [];
    broker.workload!.main.mountConfigFile(new ConfigFile(broker, 'List', { path: '/list', source: { toText: () => names.join('\n') } }));
    return { grantQueue: principal => { names.push(principal.userName); return broker.grantQueue(principal); } };
  }, 'contract of RabbitMQ: on Kubernetes another order of declarations and grants must give the same output, got '],
  ['that writes something else each time', 'the same program gives the same output, however often it is written', broker => {
    broker.workload!.main.mountConfigFile(new ConfigFile(broker, 'Count', { path: '/count', source: { toText: () => `${counter++}` } }));
    return {};
  }, 'contract of RabbitMQ: on Kubernetes to write an application again must give the same output, got '],
  ['that is the same as another', 'two servers of one application have nothing to do with each other', (_, application) => {
    const [first] = application.node.findAll().filter(construct => construct instanceof RabbitMq);
    return { endpoint: first.endpoint };
  }, 'contract of RabbitMQ: each must have an endpoint of its own, got first:5672 twice'],
  ['that forgets a limit', LENGTH, broker => ({ declareQueue: ({ maxLength, ...queue }) => broker.declareQueue(queue as QueueSpec) }),
    'contract of RabbitMQ: a queue with { maxLength: 1000 } must make a difference, but gives the same output as a queue with { maxLength: 2000 }'],
  ['that takes one limit for another', LENGTH, broker => ({ declareQueue: queue => broker.declareQueue({ ...queue, maxLength: queue.maxLength && 500 }) }),
    'a subscription with { maxLength: 1000 } must make a difference, but gives the same output as a subscription with { maxLength: 2000 }'],
  ['that refuses without a path', LENGTH, broker => ({
    declareQueue: queue => { if (queue.maxLength) throw new Error('too long'); broker.declareQueue(queue); },
  }), "contract of RabbitMQ: a queue with { maxLength: 1000 } must be accepted, or refused with 'contract/orders' and the name of the property, got 'too long'"],
  ['that forgets what a grant says', "'declares' is refused with path, product and reason, or makes a difference",
    broker => ({ grantQueue: principal => broker.grantQueue({ ...principal, declares: false }) }),
    'contract of RabbitMQ: a grant to send with { declares: true } must make a difference, but gives the same output as a grant to send with nothing further'],
  ['that forgets where reading begins', "'startFrom' (replay from the beginning or an offset) is refused with path, product and reason, or makes a difference",
    broker => ({ grantStream: ({ startAt, ...principal }) => broker.grantStream({ ...principal, startAt: startAt && '1' }) }),
    'contract of RabbitMQ: a grant to read with { startFrom: {"position":"offset","at":"3"} } must make a difference, but gives the same output'],
  ['that never does what it promises', LENGTH, broker => ({
    declareQueue: queue => { if (queue.maxLength) throw new Error(`${queue.path}: 'maxLength' is not for today`); broker.declareQueue(queue); },
  }), "contract of RabbitMQ: 'length limit' is said to be possible, but whatever asks for it is refused: 'contract/orders: 'maxLength' is not for today'"],
  ['that does not stand by its word', PRIORITY, broker => ({
    support: (semantic, kind) => semantic === MessageSemantic.PRIORITY && counter++ >= 2 ? { level: SupportLevel.REFUSED, how: 'one order' } : broker.support(semantic, kind),
  }), "a queue with { maxPriority: 5 } must be refused with 'contract/orders: 'maxPriority' (priority) cannot be had on RabbitMQ: one order', got no refusal"],
])('a broker %s is found out', (_, statement, change, message) => {
  expect(judge(statement, () => ({}))).toBeUndefined();
  expect(judge(statement, change)).toContain(message);
});
