import {
  Access, Application, ConfigFile, ContainerProps, Endpoint, EnvValue, ExternalHosts, ExternalServer, IClient, IServer, Principal, Secret, ServerCertificate,
  ServerRuntime, Task, Volume, Workload,
} from 'cdk8s-conduit';
import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { COMPLETION_CHECK, DECLARATIONS_PATH, PROVISION, PROVISION_PATH } from './maria-db-provisioning';

const IMAGE = { name: 'mariadb', reference: 'mariadb:11.4', uid: 999, gid: 999, tools: ['bash', 'cat', 'mariadb'] };

/** Where a MariaDB server is that others run. */
export interface ExternalMariaDb extends ExternalServer {
  /** Name or address. */
  readonly host: string;
  /**
   * Port of the server.
   * @default 3306
   */
  readonly port?: number;
}

/** Options of a MariaDB server. */
export interface MariaDbProps {
  /**
   * Size of the storage.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Whether clients connect by TLS, and by nothing else.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Where the server is, if it is external.
   * @default - none, the application runs it
   */
  readonly external?: ExternalMariaDb;
}

/** Options of a grant to use a database. */
export interface GrantUseOptions {
  /** Name of the database; it is made if it is missing. */
  readonly database: string;
}

/** A MariaDB server. Each grant makes a user who may do everything with one database, and nothing with any other. */
export class MariaDb extends Construct implements IServer {
  public readonly product = 'MariaDB';
  public readonly endpoint: Endpoint;
  public readonly caCertificates?: Secret;

  private readonly image: Pick<ContainerProps, 'image' | 'uid' | 'gid'>;
  private readonly runtime: ServerRuntime;
  private readonly rights: (Principal & GrantUseOptions)[] = [];

  /** @throws if options contradict each other. */
  public constructor(scope: Construct, id: string, props: MariaDbProps = {}) {
    super(scope, id);
    const { reference: image, uid, gid } = Application.of(this).images.register(IMAGE);
    this.image = { image, uid, gid };
    this.runtime = props.external ? this.connect(props.external, props) : this.run(props);
    this.endpoint = this.runtime.endpoint;
    this.caCertificates = this.runtime.caCertificates;
  }

  /**
   * Lets a client use a database.
   * @throws if it may already, or the name is malformed.
   */
  public grantUse(client: IClient, options: GrantUseOptions): void {
    const { database } = options;
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(database)) throw new Error(`${this.node.path}: a database's name must be at most 41 lower-case letters, digits and '_', got '${database}'`);
    const owner = (this.node.tryFindChild(database) ?? new Construct(this, database)) as Construct;
    const access = Access.grant(owner, this, client, { action: 'use', channel: database, urlPath: database });
    this.rights.push({ ...access.principal, database });
    const { provisioning: task } = this.runtime;
    task?.main.mountSecret(access.principal.password);
    access.bind({ variables: { DATABASE: database }, task });
  }

  /** A server of the application's own. */
  private run({ storage = Size.gibibytes(8), tls = false }: MariaDbProps): ServerRuntime {
    const workload = new Workload(this, 'Default', {
      ...this.image,
      ports: [{ name: 'mysql', number: 3306, scheme: 'mysql' }],
      stable: true,
      writablePaths: ['/run/mysqld', '/tmp'],
      resources: { memoryLimit: Size.mebibytes(768) },
      stopGracePeriod: Duration.minutes(1),
    });
    workload.main.mountVolume(new Volume(this, 'Data', { perMember: true, size: storage }), '/var/lib/mysql');
    const password = new Secret(this, 'Root', { key: 'password' });
    workload.main.setEnv('MARIADB_ROOT_PASSWORD_FILE', EnvValue.secretFile(password));
    const certificate = tls ? new ServerCertificate(this, 'Tls', { workloads: [workload] }) : undefined;
    if (certificate) {
      const { chain, key } = certificate;
      const text = `[mariadbd]\nssl_cert = ${chain.path}\nssl_key = ${key.path}\nrequire_secure_transport = ON\n`;
      workload.main.mountConfigFile(new ConfigFile(this, 'Settings', { path: '/etc/mysql/conf.d/tls.cnf', content: text }));
    }
    const runtime = { endpoint: workload.endpoint(), caCertificates: certificate?.caCertificates, workload, members: 1 };
    return { ...runtime, provisioning: this.addProvisioning(runtime, { userName: 'root', password }, tls) };
  }

  /** A server that others run. */
  private connect(external: ExternalMariaDb, props: MariaDbProps): ServerRuntime {
    const { host, port = 3306, tls = true, caCertificates } = external;
    const contradictions = (['storage', 'tls'] as const).filter(option => props[option] !== undefined);
    const hosts = new ExternalHosts(this, [host], external, contradictions);
    const runtime = { endpoint: hosts.endpoint(port, 'mysql'), caCertificates };
    const administrator = hosts.addAdministrator();
    return administrator ? { ...runtime, provisioning: this.addProvisioning(runtime, administrator, tls) } : runtime;
  }

  private addProvisioning({ endpoint, caCertificates }: ServerRuntime, { userName, password }: Principal, tls: boolean): Task {
    const options = tls ? ['--ssl-verify-server-cert', ...(caCertificates ? [`--ssl-ca=${caCertificates.path}`] : [])].join(' ') : '--skip-ssl';
    const task = new Task(this, 'Provisioning', {
      ...this.image,
      command: ['bash', PROVISION_PATH],
      env: {
        DB_USER: EnvValue.literal(userName),
        DB_PASSWORD_FILE: EnvValue.secretFile(password),
        DB_OPTIONS: EnvValue.literal(options),
      },
      writablePaths: ['/tmp'], // where the shell keeps what it hands over
      completionCheck: ['bash', '-c', COMPLETION_CHECK, 'check', endpoint.host, options],
    });
    task.connectTo(endpoint, { prefix: 'DB' });
    if (caCertificates) task.main.mountSecret(caCertificates);
    const toText = () => this.rights.map(({ database, userName: user, password: { path } }) => `${database} ${user} ${path}\n`).sort().join('');
    task.main.mountConfigFile(new ConfigFile(task, 'Declarations', { path: DECLARATIONS_PATH, source: { toText } }));
    task.main.mountConfigFile(new ConfigFile(task, 'Script', { path: PROVISION_PATH, content: PROVISION }));
    return task;
  }
}
