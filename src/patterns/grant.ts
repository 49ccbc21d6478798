import type { Construct } from 'constructs';
import { ReceiverScaling, scaleReceiver } from './receiver-scaling';
import type { BrokerBinding, BrokerPrincipal, IBroker } from '../brokers/broker';
import type { IClient } from '../model/client';
import type { Flow } from '../model/connection';
import { EnvValue } from '../model/env-value';
import { Secret } from '../model/secret';
import { variableName } from '../private/names';

/** A right that one client gets. */
export interface GrantRequest {
  /** The construct that grants; it owns the password. */
  readonly owner: Construct;
  readonly broker: IBroker;
  readonly client: IClient;
  /** What the client may do, as part of the user's name. */
  readonly role: string;
  /** Name of what it may do that with; gives the variables their prefix. */
  readonly name: string;
  /** What flows; by default, the client's role and that name. */
  readonly flow?: Flow;
  /** The prefix that the program asked for. */
  readonly prefix?: string;
  /** Further variables, which need nothing of the broker. */
  readonly variables?: Record<string, string>;
  /** How the client's replicas follow what waits for it. */
  readonly scaling?: ReceiverScaling;
  /** Tells the broker. */
  readonly bind: (principal: BrokerPrincipal) => BrokerBinding;
}

/** Makes a user of the broker with one right, and gives the client edge, credentials and variables. */
export function grant({ owner, broker, client: granted, role, name, flow, prefix: given, variables = {}, scaling, bind }: GrantRequest): void {
  const client = granted.toClient();
  const prefix = given ?? variableName(name);
  client.connectTo(broker.endpoint, { prefix, flow: flow ?? { action: role, channel: name } });
  const who = client.clientName;
  if (owner.node.tryFindChild(`${who}-${role}`)) throw new Error(`${owner.node.path}: '${who}' was granted '${role}' already; grant it once`);
  const password = new Secret(owner, `${who}-${role}`, { key: 'password' });
  const principal = { userName: password.name, password, ...(scaling ? { scaled: true } : {}) };
  const binding = bind(principal);
  if (scaling) scaleReceiver({ owner, broker, client, principal, binding, scaling });
  client.setEnv(`${prefix}_USER`, EnvValue.literal(password.name));
  client.setEnv(`${prefix}_PASSWORD_FILE`, EnvValue.secretFile(password));
  if (broker.authority) client.setEnv(`${prefix}_CA_FILE`, EnvValue.secretFile(broker.authority));
  for (const [ending, value] of Object.entries({ ...binding.variables, ...variables })) client.setEnv(`${prefix}_${ending}`, EnvValue.literal(value));
  if (binding.task) client.waitFor(binding.task);
}
