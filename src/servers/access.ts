import type { Construct } from 'constructs';
import type { IServer } from './server';
import { Application } from '../model/application';
import type { Client, IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { EnvValue } from '../model/env-value';
import { ExposureKind } from '../model/exposure';
import { Secret } from '../model/secret';
import type { Task } from '../model/task';
import { checkCall } from '../private/check-call';
import { isVariableName, variableName } from '../private/names';

/** A user of a server. */
export interface Principal {
  /** Name of the user. */
  readonly userName: string;
  /** The user's password. */
  readonly password: Secret;
}

/** What a client is granted: an action, such as `use`, on a channel, such as a database. */
export interface AccessOptions extends Flow {
  /**
   * Beginning of the names of the client's variables.
   * @default - the channel's name in upper case, or the owner's id if there is no channel
   */
  readonly prefix?: string;
  /**
   * Whether the client starts only after the server is healthy, and what it needs there was made.
   * @default - true if the application runs the server
   */
  readonly waits?: boolean;
  /**
   * What stands behind the port in the client's URL, without the first slash, such as the name of a database.
   * @default - nothing
   */
  readonly urlPath?: string;
  /**
   * What flows, where it is called otherwise than what is granted.
   * @default - the action on the channel
   */
  readonly flow?: Flow;
}

/**
 * What a client needs to know beside address, user and password.
 * @subclassable
 */
export interface ServerBinding {
  /** Endings of variables' names to values, such as `DATABASE` to `orders`; they stand behind the prefix of the grant. */
  readonly variables: Record<string, string>;
  /**
   * Task that must have completed before the client starts.
   * @default - none, everything is there when the server is healthy
   */
  readonly task?: Task;
}

/**
 * A client's access to a server, in two steps. `grant` makes a user, and gives the client the edge, `<PREFIX>_HOST`, `_PORT`, `_URL`, `_USER`,
 * `_PASSWORD_FILE`, and `_CA_FILE` where the server has CA certificates. The server then gives the user its rights, and `bind` tells the client
 * what the server gave back.
 */
export class Access {
  /**
   * Makes a user of the server for one client.
   * @param owner what access is granted to, such as a queue or a database, one construct for each; the password stands below it
   * @param server where the client connects
   * @param client who gets access
   * It must not have that access already, nor belong to another application than the server, nor come from another machine without TLS.
   * @throws if something else stands where the password would.
   */
  public static grant(owner: Construct, server: IServer, client: IClient, options: AccessOptions): Access {
    checkCall(this, 'Access.grant', arguments);
    const user = client.toClient();
    requireEncryption(owner, server, user);
    const { action, channel, waits, urlPath } = options;
    const asked = options.prefix ?? variableName(channel ?? owner.node.id);
    const prefix = isVariableName(asked) ? asked : 'MISNAMED'; // told once, with the edge
    user.connectTo(server.endpoint, { prefix: asked, waits, urlPath, flow: options.flow ?? { action, channel } });
    const who = user.clientName;
    const id = `${who}-${action}`;
    const present = owner.node.tryFindChild(id);
    if (present instanceof Secret) Application._refuse(owner, `'${who}' was granted '${action}' already; grant it once`);
    else if (present) throw new Error(`${owner.node.path}: the grant of '${action}' to '${who}' is called '${id}', as something else there is already; rename one of them`);
    const password = present ?? new Secret(owner, id, { key: 'password' });
    // an external server may also be used by other applications
    const userName = server.endpoint.workload ? password.name : `${password.application.name}-${password.name}`;
    user.setEnv(`${prefix}_USER`, EnvValue.literal(userName));
    user.setEnv(`${prefix}_PASSWORD_FILE`, EnvValue.secretFile(password));
    if (server.caCertificates) user.setEnv(`${prefix}_CA_FILE`, EnvValue.secretFile(server.caCertificates));
    return new Access({ userName, password }, user, prefix, waits ?? true);
  }

  private constructor(
    /** The user that was made. */
    public readonly principal: Principal,
    private readonly client: Client,
    private readonly prefix: string,
    private readonly waits: boolean,
  ) {}

  /** Tells the client what it needs to know. It may be called again with further variables. */
  public bind(binding: ServerBinding): void {
    checkCall(this, 'Access.bind', arguments);
    for (const [ending, value] of Object.entries(binding.variables)) this.client.setEnv(`${this.prefix}_${ending}`, EnvValue.literal(value));
    if (binding.task && this.waits) this.client.waitFor(binding.task);
  }
}

/** Passwords leave the machine by TLS, or not at all. */
function requireEncryption(owner: Construct, server: IServer, { clientName, exposure }: Client): void {
  if (!exposure || exposure.kind === ExposureKind.THIS_MACHINE || !server.endpoint.workload || server.caCertificates) return;
  Application._refuse(owner, `'${clientName}' comes from another machine, and its password would cross the network as it is; set 'tls: true' of ${server.product} '${server.endpoint.workload.node.path}'`);
}
