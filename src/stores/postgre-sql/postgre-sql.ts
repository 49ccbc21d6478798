import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { connectTo, ExternalPostgreSql } from './external';
import { runNode } from './node';
import { addProvisioning, DECLARATIONS_PATH } from './provision';
import { DatabaseAccess, DatabaseUser, findDatabaseProblem, findUserProblem, renderUsers } from './users';
import { Application } from '../../model/application';
import type { IClient } from '../../model/client';
import { ConfigFile } from '../../model/config-file';
import type { Endpoint } from '../../model/endpoint';
import type { PublicAddress } from '../../model/published-port';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import { byText } from '../../private/names';
import { Problems } from '../../private/problems';
import { Access } from '../../servers/access';
import { warnOfClientsWithoutUser } from '../../servers/clients-without-user';
import { optionsBesideExternal } from '../../servers/external';
import type { IServer } from '../../servers/server';
import type { StoreRuntime } from '../store-runtime';

/** Options of a PostgreSQL server. */
export interface PostgreSqlProps extends PublicAddress {
  /**
   * Size of the storage.
   * @default Size.gibibytes(8)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Most memory of the server, 128 MiB or more; a quarter of it is for what was read from storage.
   * @default Size.mebibytes(512)
   */
  readonly memoryLimit?: Size;
  /**
   * Most connections of all clients together.
   * @default 100
   */
  readonly maxConnections?: number;
  /**
   * Whether clients connect by TLS, and by nothing else. The certificate is the secret `<name>-tls`; clients find the authority that they check it
   * with under `<PREFIX>_CA_FILE`.
   * @default false
   */
  readonly tls?: boolean;
  /**
   * Where the server is, if it is external; it excludes the options above.
   * @default - none, the application runs it
   */
  readonly external?: ExternalPostgreSql;
}

/** How a client is granted to use a database. */
export interface GrantDatabaseOptions {
  /** Name of the database; it is made if it is missing. */
  readonly database: string;
  /** What the client may do with it. */
  readonly access: DatabaseAccess;
  /**
   * Beginning of the names of the client's variables.
   * @default - the database's name in upper case
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
}

/**
 * A PostgreSQL server. Each grant makes a user with one right on one database, and nothing on any other. Data outlive restart, crash and
 * every change of the program; a server of another major version does not touch them.
 * @see https://www.postgresql.org/docs/current
 */
export class PostgreSql extends Construct implements IServer {
  public readonly product: string = 'PostgreSQL';
  public readonly endpoint: Endpoint;
  public readonly caCertificates?: Secret;
  /** The workload that runs the server; undefined if it is external. */
  public readonly workload?: Workload;
  /** Where the server stores everything; undefined if it is external. */
  public readonly storage?: Volume;
  /** The task that makes databases and users; undefined if others do. */
  public readonly provisioning?: Task;

  private readonly granted: DatabaseUser[] = [];

  public constructor(scope: Construct, id: string, props: PostgreSqlProps = {}) {
    checkCall(new.target, 'PostgreSql', arguments);
    super(Application._openScope(scope, id), id);
    warnOfClientsWithoutUser(this);
    const { external } = props;
    const runtime: StoreRuntime = external ? connectTo(this, external, optionsBesideExternal(props)) : runNode(this, props);
    this.endpoint = runtime.endpoint;
    this.caCertificates = runtime.caCertificates;
    this.workload = runtime.workload;
    this.storage = runtime.storage;
    const declarations = { toText: () => renderUsers(this.granted) };
    if (runtime.administrator) this.provisioning = addProvisioning(this, runtime, runtime.administrator, declarations);
    else new ConfigFile(this, 'Declarations', { path: DECLARATIONS_PATH, source: declarations });
  }

  /** All users, in the order of their names. */
  public get users(): DatabaseUser[] {
    return [...this.granted].sort((a, b) => byText(a.userName, b.userName));
  }

  /**
   * Lets a client use a database. It gets `<PREFIX>_URL`, which ends with the database, `_HOST`, `_PORT`, `_DATABASE`, `_USER`, `_PASSWORD_FILE`, and
   * `_CA_FILE` where the server has CA certificates. It starts when all of that is there.
   * @throws if something else below the server is called as the database is.
   */
  public grantUse(client: IClient, options: GrantDatabaseOptions): void {
    checkCall(this, 'PostgreSql.grantUse', arguments);
    const { database, access: right, prefix, variables } = options;
    const problems = new Problems(this.node.path);
    const problem = findDatabaseProblem(database);
    problems.check(problem === undefined, problem!);
    if (Application._keep(this, problems)) return;
    const owner = (this.node.tryFindChild(database) ?? new Construct(this, database)) as Construct;
    // the user is the same whatever it may do, so that another right needs no other password
    const access = Access.grant(owner, this, client, { action: 'use', channel: database, prefix, variables, urlPath: database, flow: { action: right, channel: database } });
    const misfit = findUserProblem(access.principal.userName);
    if (misfit !== undefined) Application._refuse(owner, misfit);
    this.granted.push({ ...access.principal, database, access: right });
    this.provisioning?.main.mountSecret(access.principal.password);
    access.bind({ variables: { DATABASE: database }, task: this.provisioning });
  }
}
