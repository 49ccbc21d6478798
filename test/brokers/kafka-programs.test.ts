// The programs that a Kafka cluster's containers run, with stand-ins for the server and its tools.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, Kafka, KafkaProps, StartFrom, Workload } from 'cdk8s-conduit';
import { createHash } from 'crypto';
import { createServer } from 'net';
import { Duration } from 'cdk8s';
import { Sandbox } from '../programs/sandbox';

const TOOLS = '/opt/kafka/bin';

let sandbox: Sandbox;
beforeEach(() => { sandbox = new Sandbox(); });
afterEach(() => sandbox.remove());

function broker(props: KafkaProps = {}, add: (broker: Kafka, client: Workload) => void = () => undefined) {
  const shop = new Application('shop');
  const made = new Kafka(shop, 'broker', props);
  const client = new Workload(shop, 'client', { image: 'registry.example/acme/client:1.0' });
  new BrokeredQueue(shop, 'orders', { broker: made, messageTtl: Duration.hours(1), expiredToDeadLetters: false }).grantReceive(client);
  add(made, client);
  return { broker: made, client };
}

describe('the start of a node', () => {
  const VOTERS = '/var/lib/kafka/data/conduit-voters';
  const FILLED = '/run/conduit/server.properties';
  const KEY = '/run/secrets/broker-tls-key';
  beforeEach(() => {
    sandbox.tool(`${TOOLS}/kafka-storage.sh`, 'cat run/conduit/format >> formatted; echo secret');
    sandbox.tool(`${TOOLS}/kafka-server-start.sh`, 'echo "$KAFKA_HEAP_OPTS $EXTRA_ARGS"');
  });

  function start(made: Kafka, { host = 'broker-0', change = () => undefined as void, seconds = 20 } = {}) {
    sandbox.mount(made.workload!.main);
    if (made.workload!.main.secrets.some(({ path }) => path === KEY)) sandbox.write(KEY, '-----BEGIN PRIVATE KEY-----\n');
    change();
    return sandbox.run(made.workload!.main.command!, { env: { HOSTNAME: host }, seconds });
  }

  test('fills the passwords in, prepares new storage with the one who declares, and becomes the server', async () => {
    expect(await start(broker().broker)).toEqual({ status: 0, stdout: '-Xms64m -Xmx512m -name kafkaServer\n', stderr: '' });
    expect(sandbox.calls).toEqual(['kafka-storage.sh @/run/conduit/format', 'kafka-server-start.sh /run/conduit/server.properties']);
    expect(sandbox.read('/formatted')!.split('\n')).toEqual([
      'format', '--cluster-id', expect.stringMatching(/^\S+$/), '--config', '/run/conduit/server.properties',
      '--add-scram', 'SCRAM-SHA-512=[name=admin,password=value-of-broker-admin]', '',
    ]);
    expect(sandbox.read('/run/conduit/format')).toBeUndefined();
    expect(sandbox.read(FILLED)).toContain('username="internal" password="value-of-broker-internal"');
    expect(sandbox.read(FILLED)).toMatch(/^node\.id=0$/m);
    expect(sandbox.read(VOTERS)).toBe('0@127.0.0.1:9091\n');
  });

  test('leaves storage as it is that was prepared before', async () => {
    sandbox.write('/var/lib/kafka/data/kraft/meta.properties', '');
    expect((await start(broker().broker)).status).toBe(0);
    expect(sandbox.calls).toEqual(['kafka-server-start.sh /run/conduit/server.properties']);
  });

  test('is refused where the storage belongs to a cluster with other controllers', async () => {
    expect((await start(broker().broker)).status).toBe(0);
    const { status, stderr } = await start(broker({ nodes: 3 }).broker);
    expect(status).toBe(1);
    expect(stderr).toContain('refused: what is stored here is of a cluster with the controllers 0@127.0.0.1:9091, which cannot become ');
    expect(stderr).toContain(' 0@broker-0:9093,1@broker-1:9093,2@broker-2:9093; set the number of nodes');
    expect(sandbox.calls.filter(call => call.startsWith('kafka-server-start'))).toHaveLength(1);
    expect(sandbox.read(VOTERS)).toBe('0@127.0.0.1:9091\n');
  });

  test('has each node know its name and number, and wait for the first where that is new', async () => {
    expect((await start(broker({ nodes: 3 }).broker, { host: 'broker-0' })).stdout).not.toContain('waiting');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    try {
      const change = () => {
        sandbox.replace('/etc/kafka/conduit/start', 'FIRST=broker-0', 'FIRST=127.0.0.1');
        sandbox.replace('/etc/kafka/conduit/start', 'FIRST_PORT=9093', `FIRST_PORT=${port}`);
      };
      expect(await start(broker({ nodes: 3 }).broker, { host: 'broker-2', change })).toMatchObject({ status: 0, stdout: expect.stringContaining('waiting for 127.0.0.1 to begin\n') });
      expect(sandbox.read(FILLED)).toMatch(/^node\.id=2$/m);
      expect(sandbox.read(FILLED)).toMatch(/^advertised\.listeners=CLIENT:\/\/broker-2:9092/m);
    } finally {
      server.close();
    }
    const change = () => sandbox.replace('/etc/kafka/conduit/start', 'FIRST=broker-0', 'FIRST=127.0.0.1');
    expect((await start(broker({ nodes: 3 }).broker, { host: 'broker-1', change, seconds: 1 })).status).toBeUndefined();
    expect(sandbox.calls.filter(call => call.startsWith('kafka-server-start'))).toHaveLength(2);
  });

  test('waits for nobody where controllers are nodes of their own', async () => {
    const made = broker({ controllers: 3 }).broker;
    expect((await start(made)).stdout).not.toContain('waiting');
    sandbox.mount(made.controllers!.main);
    expect((await sandbox.run(made.controllers!.main.command!, { env: { HOSTNAME: 'broker-controllers-0' } })).stdout).not.toContain('waiting');
    expect(sandbox.read(FILLED)).toMatch(/^node\.id=1000$/m);
  });

  test('is refused with a private key that the server could not load', async () => {
    const { broker: made } = broker({ tls: true });
    expect((await start(made)).status).toBe(0);
    const { status, stderr } = await start(made, { change: () => sandbox.write(KEY, '-----BEGIN RSA PRIVATE KEY-----\n') });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^refused: secret broker-tls has no private key in PKCS #8 under 'tls\.key', which begins with BEGIN PRIVATE KEY; /);
    expect(sandbox.calls.filter(call => call.startsWith('kafka-server-start'))).toHaveLength(1);
  });
});

describe('the task that declares', () => {
  /** What the server has, as its tools tell it. */
  const there = { topics: '', users: '', rights: '', groups: '' };
  beforeEach(() => {
    Object.assign(there, { topics: '', users: '', rights: '', groups: '' });
    sandbox.tool(`${TOOLS}/kafka-topics.sh`, 'case "$*" in *--describe*) cat there-topics ;; esac');
    sandbox.tool(`${TOOLS}/kafka-configs.sh`, 'case "$*" in *--describe*) cat there-users ;; *--add-config-file*) cat "run/conduit/${11}" >> passwords ;; esac');
    sandbox.tool(`${TOOLS}/kafka-acls.sh`, 'case "$*" in *--list*) cat there-rights ;; esac');
    // runs each command that it reads by the tool that has this class
    sandbox.tool(`${TOOLS}/kafka-run-class.sh`, `cp "$CLASSPATH/Batch.class" batch-class
      status=0
      while read -r class words; do
        case $class in *.TopicCommand) tool=topics ;; *.ConfigCommand) tool=configs ;; *.AclCommand) tool=acls ;; esac
        "$PWD${TOOLS}/kafka-$tool.sh" $words > answered 2>&1 || { cat answered; status=1; }
      done
      exit $status`);
    sandbox.tool(`${TOOLS}/kafka-consumer-groups.sh`, 'case "$*" in *--list*) cat there-groups ;; *) cat answer; ;; esac');
    sandbox.write('/answer', 'GROUP TOPIC PARTITION NEW-OFFSET\nreaders log 0 9\n');
    sandbox.tool('sleep');
  });

  function declare(made: Kafka, env: Record<string, string> = {}) {
    for (const [name, text] of Object.entries(there)) sandbox.write(`/there-${name}`, text);
    sandbox.mount(made.provisioning!.main);
    return sandbox.run(made.provisioning!.main.command!, { env });
  }
  /** What the tools were told, beside questions. */
  const changes = () => sandbox.calls.filter(call => !/ --(describe|list)\b|^kafka-run-class/.test(call)).map(call => call.replace(/^kafka-(\S+)\.sh --bootstrap-server broker-0:9092 --command-config admin\.properties /, '$1 '));
  /** The server as the declarations want it. */
  function complete(made: Kafka): void {
    sandbox.mount(made.provisioning!.main);
    for (const [kind, name, ...words] of sandbox.read('/etc/kafka/conduit/declarations')!.split('\n').map(line => line.split(' '))) {
      if (kind === 'topic') there.topics += `Topic: ${name}\tTopicId: x\tPartitionCount: ${words[0]}\tReplicationFactor: ${words[1]}\tConfigs: ${words.slice(2).join(',').replace('+', ',')}\n\tTopic: ${name}\tPartition: 0\n`;
      if (kind === 'user') there.users += `SCRAM credential configs for user-principal '${name}' are SCRAM-SHA-512=iterations=${iterations(name)}\n`;
      if (kind === 'right') for (const resource of words[0].split(',')) there.rights += rightsOn(resource, words[1].split(','), name.split(','));
      if (kind === 'start') there.groups += words.slice(1).map(group => `${group}\n`).join('');
    }
  }
  function iterations(user: string, password = `value-of-${user}`): number {
    return 4096 + parseInt(createHash('sha256').update(`value-of-broker-admin:${user}:${password}`).digest('hex').slice(0, 8), 16) % 12288;
  }
  function rightsOn(resource: string, users: string[], operations: string[]): string {
    const [kind, name] = resource.split(':');
    const lines = users.flatMap(user => operations.map(operation => ` \t(principal=User:${user}, host=*, operation=${operation}, permissionType=ALLOW)\n`));
    return `Current ACLs for resource \`ResourcePattern(resourceType=${kind}, name=${name}, patternType=LITERAL)\`: \n${lines.join('')}\n`;
  }

  const several = (props: KafkaProps = {}) => broker(props, (made, client) => {
    new BrokeredTopic(made, 'news', { broker: made, topicName: 'shop.news', messageTtl: Duration.hours(1) }).subscribe(client, { expiredToDeadLetters: false });
    const log = new EventStream(made, 'log', { broker: made, streamName: 'log', compacted: true, partitions: 2 });
    log.grantRead(client, { group: 'readers', startFrom: StartFrom.offset(7) });
  }).broker;

  test('makes all that is not there: topics and users, then where groups begin, and rights at last', async () => {
    expect(await declare(several())).toMatchObject({ status: 0, stderr: '' });
    const kinds = changes().map(call => call.split(' --')[0]);
    expect(kinds.slice(0, kinds.indexOf('consumer-groups')).sort()).toEqual([...Array(3).fill('configs'), ...Array(5).fill('topics')]);
    const told = changes();
    expect(told).toContainEqual(expect.stringMatching(/^topics --create --topic shop\.news --partitions 12 --replication-factor 1 --config cleanup/));
    expect(told).toContainEqual(expect.stringContaining('topics --create --topic log --partitions 2 --replication-factor 1 --config cleanup.policy=compact --config'));
    expect(told).toContain('consumer-groups --reset-offsets --topic log --group log.readers --to-offset 7 --execute');
    expect(kinds.lastIndexOf('consumer-groups')).toBeLessThan(kinds.indexOf('acls'));
    expect(told.join('\n')).not.toContain('value-of');
    expect(sandbox.read('/passwords')).toContain(`SCRAM-SHA-512=iterations=${iterations('orders-client-receive')},password=value-of-orders-client-receive\n`);
    expect(sandbox.read('/run/conduit/admin.properties')).toContain('username="admin" password="value-of-broker-admin";');
  });

  test('starts a few virtual machines, however much there is to make', async () => {
    const { broker: made } = broker({}, (each, client) => {
      for (let number = 0; number < 20; number++) new EventStream(each, `log-${number}`, { broker: each }).grantPublish(client, { prefix: `LOG_${number}` });
    });
    expect((await declare(made)).status).toBe(0);
    expect(changes().filter(call => / --(create|alter|add) /.test(call))).toHaveLength(2 + 20 + 21 + 22);
    expect(sandbox.calls.filter(call => call === 'kafka-run-class.sh Batch')).toHaveLength(4);
    expect(sandbox.read('/batch-class')).toMatch(/^\uFFFD{3}./); // as classes begin with CAFEBABE
  });

  test('changes nothing where all is as declared', async () => {
    const made = several();
    complete(made);
    expect(await declare(made)).toEqual({ status: 0, stdout: 'everything is as declared\n', stderr: '' });
    expect(changes()).toEqual([]);
    expect(sandbox.calls).toHaveLength(4);
  });

  test('changes what is otherwise, and that alone', async () => {
    const made = several();
    complete(made);
    there.topics = there.topics.replace('Topic: shop.news\tTopicId: x\tPartitionCount: 12', 'Topic: shop.news\tTopicId: x\tPartitionCount: 3')
      .replace('retention.ms=-1', 'retention.ms=5');
    there.users = there.users.replace(`${iterations('orders-client-receive')}`, `${iterations('orders-client-receive', 'other')}`);
    there.rights = there.rights.replace('operation=READ', 'operation=WRITE');
    expect((await declare(made)).status).toBe(0);
    expect(changes().map(call => call.replace(/password-\d+/, 'password'))).toEqual(expect.arrayContaining([
      'topics --alter --topic shop\\.news --partitions 12',
      expect.stringMatching(/^configs --alter --entity-type topics --entity-name \S+ --add-config retention\.ms=-1$/),
      'configs --alter --entity-type users --entity-name orders-client-receive --add-config-file password',
      expect.stringMatching(/^acls --add --allow-principal User:\S+ .*--operation READ/),
    ]));
    expect(changes()).toHaveLength(4);
  });

  test('changes nothing where anything cannot become what is wanted, and says all of it', async () => {
    const made = several();
    complete(made);
    there.topics = there.topics.replace('PartitionCount: 2\t', 'PartitionCount: 4\t').replace('Topic: shop.news\tTopicId: x\tPartitionCount: 12\tReplicationFactor: 1', 'Topic: shop.news\tTopicId: x\tPartitionCount: 12\tReplicationFactor: 3');
    there.users = '';
    const { status, stderr } = await declare(made);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n').sort()).toEqual([
      "refused: topic 'log' has 4 partitions and cannot have 2, as those that go would take their messages along; keep as many, or give the new one another name. Nothing was changed",
      "refused: topic 'shop.news' is stored by 3 node(s) and would have to be moved to be stored by 1; keep 'replicas: 3', move it before with kafka-reassign-partitions.sh, or give the new one another name. Nothing was changed",
    ]);
    expect(changes()).toEqual([]);
  });

  test('has a group wait for the offset where it is to begin, as the tool would take the end', async () => {
    sandbox.write('/answer', 'GROUP TOPIC PARTITION NEW-OFFSET\nlog.readers log 0 3\n');
    expect((await declare(several())).status).toBe(0);
    expect(changes()).toContain('consumer-groups --reset-offsets --topic log --group log.readers --to-offset 7 --dry-run');
    expect(changes()).not.toContain('consumer-groups --reset-offsets --topic log --group log.readers --to-offset 7 --execute');
  });

  test('tries again what failed, until its time is up, and says what it was', async () => {
    sandbox.tool(`${TOOLS}/kafka-acls.sh`, '[ "$(grep -c "^kafka-acls.*--list" calls)" -gt 2 ] || { echo "not there yet"; exit 1; }');
    expect(await declare(several())).toMatchObject({ status: 0, stderr: 'not there yet\nnot there yet\n' });
    sandbox.tool(`${TOOLS}/kafka-acls.sh`, 'echo away; exit 1');
    expect(await declare(several(), { SECONDS: '300' })).toMatchObject({ status: 1, stderr: 'away\nfailed: what is above did not succeed in 5 minutes\n' });
  });

  test('fails where the tool tells of a failure in words alone', async () => {
    sandbox.write('/answer', 'Error: the group is not empty\n');
    expect(await declare(several(), { SECONDS: '300' })).toMatchObject({ status: 1, stderr: expect.stringContaining('Error: the group is not empty') });
    expect(changes().some(call => call.startsWith('acls'))).toBe(false);
  });

  test('takes no password that means something else to the server', async () => {
    const made = several();
    for (const password of ['', 'a,b', 'a b', 'a\n']) {
      sandbox.mount(made.provisioning!.main);
      for (const [name, text] of Object.entries(there)) sandbox.write(`/there-${name}`, text);
      sandbox.write('/run/secrets/orders-client-receive', password);
      expect(await sandbox.run(made.provisioning!.main.command!)).toMatchObject({
        status: 1, stderr: 'secret orders-client-receive: only letters, digits and . _ ~ - are possible here, and no end of line\n',
      });
    }
  });
});

describe('the check of whoever waits', () => {
  beforeEach(() => {
    sandbox.tool(`${TOOLS}/kafka-topics.sh`, 'cat "$5" >> logins; cat there');
    sandbox.tool('sleep');
  });

  function check(props: KafkaProps = {}) {
    const { broker: made, client } = broker(props, (each, main) => new EventStream(each, 'log', { broker: each, streamName: 'log' }).grantRead(main));
    sandbox.mount(client.main);
    const variables = Object.fromEntries(Object.entries(client.main.env).map(([name, { text }]) => [name, text!]));
    return sandbox.run(made.provisioning!.completionCheck!, { env: { ...variables, OTHER_BOOTSTRAP_SERVERS: 'elsewhere:9092' } });
  }

  test('succeeds when each topic is there, for which it asks as each of its users', async () => {
    sandbox.write('/there', 'log\norders\norders.dead\n');
    expect(await check()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.calls).toHaveLength(2);
    const logins = sandbox.read('/logins')!;
    for (const user of ['orders-client-receive', 'broker-log-client-read']) expect(logins).toContain(`username="${user}" password="value-of-${user}";`);
    expect(logins).toMatch(/^security\.protocol=SASL_PLAINTEXT\nsasl\.mechanism=SCRAM-SHA-512\n/);
    expect(logins).not.toContain('ssl');
  });

  test('checks who is there, with TLS', async () => {
    sandbox.write('/there', 'log\norders\norders.dead\n');
    expect((await check({ tls: true })).status).toBe(0);
    expect(sandbox.read('/logins')).toMatch(/^security\.protocol=SASL_SSL\n/);
    expect(sandbox.read('/logins')).toContain('ssl.truststore.type=PEM\nssl.truststore.location=/run/secrets/broker-tls-authority\n');
  });

  test('fails while a topic is not there, its dead letters, too, and rests', async () => {
    for (const [there, missing] of [['log\norders\n', 'orders.dead'], ['log\norders.dead\nxorders\n', 'orders'], ['orders\norders.dead\n', 'log']]) {
      sandbox.write('/there', there);
      expect(await check()).toEqual({ status: 1, stdout: `waiting for topic ${missing}\n`, stderr: '' });
    }
    expect(sandbox.calls.filter(call => call === 'sleep 3')).toHaveLength(3);
  });
});
