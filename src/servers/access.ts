import type { Construct } from 'constructs';
import type { IServer } from './server';
import { Application } from '../model/application';
import type { Client, IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { ADDRESS_ENDINGS, EdgeVariables } from '../model/edge-variables';
import { EnvValue } from '../model/env-value';
import { ExposureKind } from '../model/exposure';
import { Secret } from '../model/secret';
import type { Task } from '../model/task';
import { checkCall } from '../private/check-call';
import { isVariablePrefix, variableName } from '../private/names';
import { placeOf } from '../private/place';

/** A user of a server. */
export interface Principal {
  /** Name of the user. */
  readonly userName: string;
  /** The user's password. */
  readonly password: Secret;
}

/** Something that a user may do beside what its right says, as the server cannot tell them apart. */
export interface WiderRight {
  /** What was granted, such as `receive`. */
  readonly right: string;
  /** What the user may do, too, such as `purge the queue`, and why. */
  readonly allows: string;
}

/** What a client is granted: an action, such as `use`, on a channel, such as a database. */
export interface AccessOptions extends Flow {
  /**
   * Beginning of the names of the client's variables.
   * @default - the channel's name in upper case, or the owner's id if there is no channel
   */
  readonly prefix?: string;
  /**
   * Names of the client's variables instead, from endings such as `URL` or `PASSWORD_FILE` to a name. What is not named is not set.
   * @default - all of them, behind the prefix
   */
  readonly variables?: Record<string, string>;
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
  /**
   * What the user may do beside what was granted. It stands in `fidelity` of every target.
   * @default - nothing
   */
  readonly widerRights?: WiderRight[];
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
   * It must not have that access already, nor belong to another application than the server. From another machine it comes by TLS alone.
   * @throws if something else stands where the password would.
   */
  public static grant(owner: Construct, server: IServer, client: IClient, options: AccessOptions): Access {
    checkCall(this, 'Access.grant', arguments);
    const user = client.toClient();
    requireEncryption(owner, server, user);
    const { action, channel, waits, urlPath, variables: names } = options;
    const asked = options.prefix ?? variableName(channel ?? owner.node.id);
    const prefix = isVariablePrefix(asked) ? asked : 'MISNAMED'; // told once, with the edge
    const endpoint = user.exposure ? server.outsideEndpoint ?? server.endpoint : server.endpoint;
    user.connectTo(endpoint, { prefix: asked, variables: names && onlyAddress(names), waits, urlPath, flow: options.flow ?? { action, channel } });
    const who = user.clientName;
    const id = `${who}-${action}`;
    const present = owner.node.tryFindChild(id);
    if (present instanceof Secret) Application._refuse(owner, `'${who}' was granted '${action}' already; grant it once`);
    else if (present) throw new Error(`${owner.node.path}: the grant of '${action}' to '${who}' is called '${id}', as something else there is already; rename one of them`);
    const password = present ?? new Secret(owner, id, { key: 'password' });
    // an external server may also be used by other applications
    const userName = server.endpoint.workload ? password.name : `${password.application.name}-${password.name}`;
    const variables = new EdgeVariables(user, prefix, names);
    owner.node.addValidation({ validate: () => variables.problems(ADDRESS_ENDINGS) });
    variables.tell('USER', EnvValue.literal(userName));
    variables.tell('PASSWORD_FILE', EnvValue.secretFile(password));
    if (server.caCertificates) variables.tell('CA_FILE', EnvValue.secretFile(server.caCertificates));
    return new Access(owner.node.path, { userName, password }, user, variables, waits ?? true);
  }

  private constructor(
    private readonly path: string,
    /** The user that was made. */
    public readonly principal: Principal,
    private readonly client: Client,
    private readonly variables: EdgeVariables,
    private readonly waits: boolean,
  ) {}

  /** Tells the client what it needs to know. It may be called again with further variables. */
  public bind(binding: ServerBinding): void {
    checkCall(this, 'Access.bind', arguments);
    for (const [ending, value] of Object.entries(binding.variables)) this.variables.tell(ending, EnvValue.literal(value));
    if (binding.task && this.waits) this.client.waitFor(binding.task);
    for (const { right, allows } of binding.widerRights ?? []) {
      this.principal.password.application._differ({ path: this.path, feature: `right: ${right}`, reason: `it also allows to ${allows}` });
    }
  }
}

/** Passwords leave the machine by TLS, or not at all. */
function requireEncryption(owner: Construct, server: IServer, { clientName, exposure }: Client): void {
  if (!exposure || exposure.kind === ExposureKind.THIS_MACHINE || !server.endpoint.workload || server.caCertificates) return;
  Application._refuse(owner, `'${clientName}' comes from another machine, and its password would cross the network as it is; set 'tls: true' of ${server.product} '${placeOf(server.endpoint.workload.node.path)}'`);
}

function onlyAddress(names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).filter(([ending]) => ADDRESS_ENDINGS.includes(ending)));
}
