import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { connectTo, ExternalRedis } from './external';
import { runNode } from './node';
import { addProvisioning, DECLARATIONS_PATH } from './provision';
import { ALL_KEYS, findKeysProblem, KeyAccess, KeyUser, keyVariables, nameOf, renderUsers } from './users';
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
import { byText, variableName } from '../../private/names';
import { Problems } from '../../private/problems';
import { Access } from '../../servers/access';
import { warnOfClientsWithoutUser } from '../../servers/clients-without-user';
import { optionsBesideExternal } from '../../servers/external';
import type { IServer } from '../../servers/server';
import type { StoreRuntime } from '../store-runtime';

/** Options of a Redis server. */
export interface RedisProps extends PublicAddress {
  /**
   * Whether the server is a cache: it drops the keys that were not used for longest when memory is full. All are gone when it ends.
   * Otherwise keys outlive the server, and nothing can be written while memory is full.
   * @default false
   */
  readonly cache?: boolean;
  /**
   * Most memory of the server, 64 MiB or more. Half of it is for keys, as what changes while they are stored is there twice; of a cache, two thirds.
   * @default Size.mebibytes(256)
   */
  readonly memoryLimit?: Size;
  /**
   * Size of the storage; four times the memory for keys is enough. A cache stores its users alone.
   * @default Size.gibibytes(1)
   */
  readonly storage?: Size;
  /**
   * Class of the storage, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
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
  readonly external?: ExternalRedis;
}

/** How a client is granted to use keys. */
export interface GrantKeysOptions {
  /** Keys that begin as said before a final `*`, such as `orders:*`, or one key, such as `orders`; all of them by `*` alone. */
  readonly keys: string;
  /** What the client may do with them. */
  readonly access: KeyAccess;
  /**
   * Beginning of the names of the client's variables.
   * @default - words of the keys in upper case, such as `ORDERS`; the server's id for all keys
   */
  readonly prefix?: string;
  /**
   * Names of the variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
}

/**
 * A server of keys in memory: Valkey, or Redis by its image. Each grant makes a user with one right to some keys, and to channels of the same names.
 * Keys outlive restart, crash and every change of the program, unless the server is a cache.
 * @see https://valkey.io/topics/
 */
export class Redis extends Construct implements IServer {
  public readonly product: string = 'Redis';
  public readonly endpoint: Endpoint;
  public readonly caCertificates?: Secret;
  /** The workload that runs the server; undefined if it is external. */
  public readonly workload?: Workload;
  /** Where the server stores keys and users; undefined if it is external. */
  public readonly storage?: Volume;
  /** The task that makes users; undefined if others do. */
  public readonly provisioning?: Task;

  private readonly granted: KeyUser[] = [];

  public constructor(scope: Construct, id: string, props: RedisProps = {}) {
    checkCall(new.target, 'Redis', arguments);
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
  public get users(): KeyUser[] {
    return [...this.granted].sort((a, b) => byText(a.userName, b.userName));
  }

  /**
   * Lets a client use keys. It gets `<PREFIX>_URL`, `_HOST`, `_PORT`, `_USER`, `_PASSWORD_FILE`, `_KEY_PREFIX` or `_KEY`, and
   * `_CA_FILE` where the server has CA certificates. It starts when its user is there.
   */
  public grantUse(client: IClient, options: GrantKeysOptions): void {
    checkCall(this, 'Redis.grantUse', arguments);
    const { keys, access: right, variables } = options;
    const name = nameOf(keys);
    const problems = new Problems(this.node.path);
    const problem = findKeysProblem(keys);
    problems.check(problem === undefined, problem!);
    const others = this.granted.find(user => user.keys !== keys && nameOf(user.keys) === name)?.keys;
    problems.check(others === undefined, `'${others}' and '${keys}' would both be called '${name}'; rename one of them, or use a server for each`);
    if (Application._keep(this, problems)) return;
    const prefix = options.prefix ?? variableName(keys === ALL_KEYS ? this.node.id : name);
    const owner = (this.node.tryFindChild(name) ?? new Construct(this, name)) as Construct;
    // the user is the same whatever it may do, so that another right needs no other password
    const access = Access.grant(owner, this, client, { action: 'use', channel: keys, prefix, variables, flow: { action: right, channel: keys } });
    this.granted.push({ ...access.principal, keys, access: right });
    this.provisioning?.main.mountSecret(access.principal.password);
    access.bind({ variables: keyVariables(keys), task: this.provisioning });
  }
}
