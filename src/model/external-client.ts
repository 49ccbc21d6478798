import { Construct } from 'constructs';
import { Application } from './application';
import type { Client, IClient } from './client';
import type { Connection, ConnectOptions } from './connection';
import type { Endpoint } from './endpoint';
import type { EnvValue } from './env-value';
import { ExposedClient } from './exposed-client';
import { checkSources, Exposure } from './exposure';
import { checkCall } from '../private/check-call';
import { isDnsLabel, kebabCase } from '../private/names';
import { Problems } from '../private/problems';

/** Options of clients outside the application. */
export interface ExternalClientProps {
  /**
   * Ranges of the clients' own addresses, in CIDR notation: short for an `exposure` of `Exposure.sources(…)`.
   * @default - `exposure` says from where they come
   */
  readonly sources?: string[];
  /**
   * From where they come.
   * @default Exposure.thisMachine()
   */
  readonly exposure?: Exposure;
}

/**
 * Programs outside the application, such as one on another server. Grants take it as they take a workload: what it is granted is published to it,
 * and to nobody else. It cannot wait, and gets neither variables nor files. `cdk8s-conduit secrets` writes one file for it, `<name>.json` among the
 * secrets, which holds what a workload's variables would, with the values of secrets. Bring it to where the program runs.
 */
export class ExternalClient extends Construct implements IClient {
  /** Name in messages, in pictures, of users and of the file. */
  public readonly name: string;
  /** From where they come. */
  public readonly exposure: Exposure;

  private readonly client: ExposedClient;

  public constructor(scope: Construct, id: string, props: ExternalClientProps = {}) {
    checkCall(new.target, 'ExternalClient', arguments);
    super(Application._openScope(scope, id), id);
    this.name = this.node.scopes.slice(1).map(({ node }) => kebabCase(node.id)).join('-');
    const problems = new Problems(this.node.path);
    problems.check(isDnsLabel(this.name), `the name must be at most 63 lower-case letters, digits and hyphens, beginning with a letter, got '${this.name}'; choose another id`);
    problems.check(!props.sources || !props.exposure, "'sources' and 'exposure' both say from where clients come; leave out one of them");
    if (props.sources) checkSources(problems, props.sources);
    const isWrong = Application._keep(this, problems);
    this.exposure = isWrong ? Exposure.thisMachine() : props.sources ? Exposure.sources(props.sources) : props.exposure ?? Exposure.thisMachine();
    this.client = new ExposedClient(this.name, this.exposure, this);
    Application.of(this)._registerClient(this);
  }

  /** What the clients are told, sorted by name: what a workload's variables would be, but with values instead of files, and without `_FILE`. */
  public get env(): Record<string, EnvValue> {
    return this.client.env;
  }

  /**
   * Publishes the endpoint to these clients, and tells them where it is. It must be a workload's own, and have a public address.
   */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'ExternalClient.connectTo', arguments);
    return this.client.connectTo(endpoint, options);
  }

  public toClient(): Client {
    return this.client;
  }
}
