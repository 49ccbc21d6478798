// Brokers that others run: each an application of its own, which ours reaches by an address and ports, as it would any other machine.
import { Application, BrokeredQueue, EventStream, Kafka, Nats, RabbitMq, Secret, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { managedKafka, managedNats, managedRabbitMq } from './brokers/managed';
import { bodies, Messages, PROGRAMS } from './brokers/messages';
import { command } from './command';
import { Compose, ComposeDeployment } from './compose';
import type { Deployment, Engine } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';
import { postOffice } from '../../examples/10-managed-broker/post-office';
import { RABBITMQ_IMAGE } from '../../src/brokers/rabbit-mq/image';
import { makeCertificate } from '../../src/cli/certificates';

jest.setTimeout(400_000);

let nextPort = 20_000 + process.pid % 10_000;

/** A broker that somebody else runs, by Compose, at an address outside of our engine. */
class Managed {
  public static async beside(engine: Engine): Promise<Managed> {
    return new Managed(await engine.outsideAddress());
  }

  public readonly ports = [nextPort++, nextPort++];
  public readonly pem: Record<string, string>;
  public deployment?: ComposeDeployment;
  private readonly relays: string[] = [];

  private constructor(public readonly address: string) {
    this.pem = makeCertificate('managed', [address]);
  }

  /** What our application has to know. */
  public get brought(): Record<string, string> {
    return { 'broker-admin': 'secret-of-admin', 'authority': this.pem['ca.crt'] };
  }

  /** Starts it, and has the machine pass on to `ports` of it what comes for ours. */
  public async start(application: Application, ...ports: number[]): Promise<void> {
    this.deployment = new Compose().application(application, { certificate: this.pem['tls.crt'], key: this.pem['tls.key'], admin: this.brought['broker-admin'] });
    await this.deployment.start();
    const [{ IPAddress }] = Object.values((await this.deployment.inspect('server')).NetworkSettings.Networks);
    for (const [index, port] of ports.entries()) {
      this.relays.push(await command('docker', ['run', '-d', '--rm', '--network=host', 'busybox:1.37.0-musl',
        'nc', '-lk', '-s', this.address, '-p', String(this.ports[index]), '-e', 'nc', IPAddress, String(port)]));
    }
  }

  public async remove(): Promise<void> {
    if (this.relays.length > 0) await command('docker', ['rm', '-f', ...this.relays]);
    await this.deployment?.remove();
  }
}

const authorityOf = (application: Application) => new Secret(application, 'authority', { key: 'ca.crt', existing: true });

describeLive('a broker that others run (examples/10-managed-broker)', engine => {
  let managed: Managed;
  const rabbitmqctl = (...words: string[]) => managed.deployment!.exec('server', 'rabbitmqctl', ...words);
  beforeAll(async () => {
    managed = await Managed.beside(engine);
    await managed.start(managedRabbitMq(), 5671, 15671);
  });
  afterAll(() => managed?.remove());

  /** The example on that broker, with a program of the image that declares, so that it can be seen what a waiter sees. */
  function build(options: { readonly provisioning?: boolean; readonly more?: string } = {}): Application {
    const post = new Application('post');
    const { provisioning, more } = options;
    const [port, managementPort] = managed.ports;
    postOffice(post, { external: { host: managed.address, port, managementPort, caCertificates: authorityOf(post), provisioning } });
    const { reference, uid, gid } = RABBITMQ_IMAGE;
    const waiter = new Workload(post, 'waiter', { image: reference, uid, gid, command: ['sleep', 'infinity'] });
    (post.node.findChild('letters') as BrokeredQueue).grantSend(waiter);
    if (more) new BrokeredQueue(post, more, { broker: post.node.findChild('broker') as RabbitMq });
    return post;
  }
  const completionCheck = () => (build().node.findChild('broker') as RabbitMq).provisioning!.completionCheck!;
  const sorted = (post: Deployment, letter: string) => eventually(async () => (await post.logs('sorter')).some(({ text }) => text === `sorted ${letter}`), { what: `'${letter}' to be sorted`, timeoutMs: 60_000 });

  describe('with a task that declares', () => {
    let post: Deployment;
    beforeAll(async () => {
      post = engine.application(build(), managed.brought);
      await post.start();
    });
    afterAll(() => post?.remove());

    it('takes and gives messages, with the same programs', async () => {
      await post.exec('counter', 'python', 'post.py', 'parcel', 'postcard');
      await sorted(post, 'parcel');
      await sorted(post, 'postcard');
    });

    it('lets clients do what they were granted, and no more', async () => {
      const { stderr } = await post.tryExec('counter', 'python', '-c', "from connection import connect; connect().channel().basic_get('letters')");
      expect(stderr).toMatch(/ACCESS_REFUSED/);
      expect(await rabbitmqctl('-q', 'list_users', '--no-table-headers')).toMatch(/post-letters-counter-send\s+\[\]/);
    });

    it('is not taken for another one: whoever does not trust its authority is refused', async () => {
      const { stderr } = await post.tryExec('counter', 'env', 'LETTERS_CA_FILE=/etc/ssl/certs/ca-certificates.crt', 'python', 'post.py', 'x');
      expect(stderr).toMatch(/CERTIFICATE_VERIFY_FAILED/);
    });

    it('tells waiters when what they need is there, and when it is not', async () => {
      expect((await post.tryExec('waiter', ...completionCheck())).code).toBe(0);
      await rabbitmqctl('clear_permissions', 'post-letters-waiter-send');
      expect((await post.tryExec('waiter', ...completionCheck())).code).toBe(1);
    });

    it('gets back what it lost, and keeps the rest, when it is declared again', async () => {
      const { entrypoint } = post.output.compose.services['broker-provisioning'];
      expect(await post.runOnce('broker-provisioning', ...entrypoint)).toContain('everything is as declared');
      expect((await post.tryExec('waiter', ...completionCheck())).code).toBe(0);
      await post.exec('counter', 'python', 'post.py', 'later');
      await sorted(post, 'later');
    });

    it('is left as it is where a queue would have to become another, which is said', async () => {
      const definitions = JSON.stringify({ queues: [{ name: 'mails', vhost: '/', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } }] });
      await managed.deployment!.exec('server', 'sh', '-c', `echo '${definitions}' > /tmp/mails.json && rabbitmqctl import_definitions /tmp/mails.json`);
      await post.update(build({ more: 'mails' }), { except: ['broker-provisioning', 'counter', 'sorter', 'waiter'] }).catch(() => {}); // as its task fails
      await eventually(async () => expect((await post.logs('broker-provisioning')).map(({ text }) => text)).toContain(
        "refused: queue 'mails' is of type classic and cannot become quorum; give the new one another name. Nothing was changed",
      ), { what: 'the refusal', timeoutMs: 60_000 });
      expect(await rabbitmqctl('-q', 'list_queues', 'name')).not.toContain('mails.dead');
    });

    it('tells no password to anybody who may look at all else', async () => {
      const visible = await post.visible();
      for (const { name, key, value } of post.output.secrets.filter(secret => secret.key === 'password')) expect(`${name} ${key} ${visible.includes(value)}`).toBe(`${name} ${key} false`);
    });
  });

  it('is used as it is found, without a task', async () => {
    const declared = engine.application(build(), managed.brought);
    await declared.start();
    const passwords = declared.secrets;
    await declared.remove();
    const post = engine.application(build({ provisioning: false }), { ...passwords, ...managed.brought });
    try {
      await post.start();
      expect(Object.keys(post.output.compose.services).filter(name => !name.startsWith('conduit-')).sort()).toEqual(['counter', 'sorter', 'waiter']);
      await post.exec('counter', 'python', 'post.py', 'telegram');
      await sorted(post, 'telegram');
    } finally {
      await post.remove();
    }
  });
});

/** A queue and a stream on a broker of any kind, and a waiter of the image that tells of what is there. */
function declare(application: Application, broker: Kafka | Nats): Application {
  const [sender, receiver] = ['sender', 'receiver'].map(id => new Workload(application, id, PROGRAMS));
  const jobs = new BrokeredQueue(application, 'jobs', { broker, messageTtl: Duration.hours(1), deadLetters: false });
  jobs.grantSend(sender);
  jobs.grantReceive(receiver);
  const { image, uid, gid } = broker.provisioning!.main;
  jobs.grantSend(new Workload(application, 'waiter', { image, uid, gid, command: ['sleep', 'infinity'], writablePaths: ['/tmp'], resources: { memoryLimit: Size.mebibytes(512) } }));
  const log = new EventStream(application, 'log', { broker });
  log.grantPublish(sender);
  log.grantRead(receiver);
  return application;
}

/** What must be true of our application on a broker that others run. */
function statements(client: string, completionCheck: () => string[], deployment: () => Deployment): void {
  const m = new Messages(deployment, client);

  it('takes and gives messages and events', async () => {
    expect(await m.send('sender', 'JOBS', 'one', 'two')).toEqual(['stored one', 'stored two']);
    expect((await m.drain('receiver', 'JOBS')).sort()).toEqual(['one', 'two']);
    await m.send('sender', 'LOG', 'first', 'second');
    expect(bodies(await m.read('receiver', 'LOG', 2))).toEqual(['first', 'second']);
  });

  it('gives nobody more than was granted', async () => {
    expect(await m.attempt('sender', 'JOBS', 'receive', 'jobs')).toBe('refused');
  });

  it('tells a waiter when what it needs is there, and no one else', async () => {
    expect((await deployment().tryExec('waiter', ...completionCheck())).code).toBe(0);
    expect((await deployment().tryExec('waiter', 'env', 'JOBS_PASSWORD_FILE=/run/secrets/authority', ...completionCheck())).code).not.toBe(0);
  });

  it('is declared again without losing anything', async () => {
    await m.send('sender', 'JOBS', 'kept');
    expect(await deployment().runOnce('broker-provisioning', ...deployment().output.compose.services['broker-provisioning'].entrypoint)).not.toMatch(/failed|refused/);
    expect(await m.drain('receiver', 'JOBS')).toEqual(['kept']);
  });
}

describeLive('a Kafka cluster that others run', engine => {
  let managed: Managed;
  let ours: Deployment;
  let completionCheck: string[];
  beforeAll(async () => {
    managed = await Managed.beside(engine);
    await managed.start(managedKafka(managed.address, managed.ports[0]), 9092);
    const application = new Application('ours');
    const external = { hosts: [managed.address], port: managed.ports[0], caCertificates: authorityOf(application), replicas: 1 };
    const broker = new Kafka(application, 'broker', { external });
    completionCheck = broker.provisioning!.completionCheck!;
    ours = engine.application(declare(application, broker), managed.brought);
    await ours.start();
  });
  afterAll(async () => {
    await ours?.remove();
    await managed?.remove();
  });
  statements('kafka_client', () => completionCheck, () => ours);
});

describeLive('a NATS server that others run', engine => {
  let managed: Managed;
  let ours: Deployment;
  let completionCheck: string[];
  beforeAll(async () => {
    managed = await Managed.beside(engine);
    const application = new Application('ours');
    const external = { hosts: [managed.address], port: managed.ports[0], caCertificates: authorityOf(application), replicas: 1 };
    const broker = new Nats(application, 'broker', { external });
    completionCheck = broker.provisioning!.completionCheck!;
    ours = engine.application(declare(application, broker), managed.brought);
    // whoever runs the server makes the users that the library wrote down
    const users = readFileSync(join(ours.output.composeDirectory, 'configs/broker-users'), 'utf8')
      .replace(/@\{([^}]*)\}/g, (_, name) => readFileSync(join(ours.output.secretsDirectory, name), 'utf8'));
    await managed.start(managedNats(JSON.parse(users).users), 4222);
    await ours.start();
  });
  afterAll(async () => {
    await ours?.remove();
    await managed?.remove();
  });
  statements('nats_client', () => completionCheck, () => ours);
});
