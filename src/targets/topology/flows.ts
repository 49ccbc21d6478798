import { Box, Line, withoutDuplicates } from './diagram';
import type { Connection } from '../../model/connection';
import { Container, ContainerRole } from '../../model/container';
import type { Primitive } from '../../model/primitive';
import { byText } from '../../private/names';

/** What clients do that take something from the other side, so that it flows to them. */
const TAKING = new Set(['consume', 'read', 'receive', 'subscribe']);

/** One connection, as a list shows it. */
export interface Edge {
  readonly client: string;
  /** Path of the client's construct; undefined for one outside. */
  readonly clientPath?: string;
  readonly action: string;
  readonly channel?: string;
  readonly server: string;
  /** Path of the server's construct; undefined for one outside. */
  readonly serverPath?: string;
  /** `scheme://host:port`. */
  readonly url: string;
  readonly port: string;
  /** Whether the client starts only after the server is healthy. */
  readonly waits: boolean;
  /** Address ranges of a server outside. */
  readonly addresses: readonly string[];
}

export function edgeOf({ client, endpoint, flow, waits }: Connection): Edge {
  return {
    client: client.clientName,
    clientPath: client.clientWorkload?.node.path,
    action: flow.action,
    channel: flow.channel,
    server: endpoint.workload?.name ?? endpoint.host,
    serverPath: endpoint.workload?.node.path,
    url: endpoint.url,
    port: `${endpoint.port}/${endpoint.protocol}`,
    waits,
    addresses: endpoint.addresses,
  };
}

/** Identifier of the box of a primitive; a volume may have the name of a workload. */
export function idOf({ node, name }: Primitive): string {
  return `${name} ${node.path}`;
}

/** Tells a container from the main one. */
export function prefixOf({ role, name }: Container): string {
  return role === ContainerRole.MAIN ? '' : `${name}: `;
}

/** Lines of all connections, with the boxes of what is outside of the application. */
export function drawFlows(connections: readonly Connection[]): { readonly lines: Line[]; readonly outside: Box[] } {
  const outside = new Map<string, Box>();
  const addOutside = (title: string, caption: string) => {
    const id = `${title} ${caption}`;
    outside.set(id, { id, kind: 'outside', title, captions: [caption], channels: [], isExposed: false });
    return id;
  };
  const lines = connections.map((connection): Line => {
    const { client, endpoint, flow: { action, channel } } = connection;
    const here = client.clientWorkload ? idOf(client.clientWorkload) : addOutside(client.clientName, 'client outside');
    const there = endpoint.workload ? idOf(endpoint.workload) : addOutside(endpoint.host, 'outside');
    const ends = TAKING.has(action) ? { from: there, to: here, place: 'from' as const } : { from: here, to: there, place: 'to' as const };
    return { kind: 'flow', label: labelOf(connection), ...channel === undefined ? {} : { channel }, ...ends };
  });
  return { lines: withoutDuplicates(lines), outside: [...outside.values()].sort((a, b) => byText(a.id, b.id)) };
}

function labelOf({ client, endpoint: { host, port, protocol, workload }, flow }: Connection): string {
  const member = workload && host !== workload.name ? ` ${host.split('.')[0]}` : '';
  return `${client instanceof Container ? prefixOf(client) : ''}${flow.action}${member} · ${port}/${protocol}`;
}
