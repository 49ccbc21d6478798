import { Box, Line, withoutDuplicates } from './diagram';
import type { Client } from '../../model/client';
import type { Connection } from '../../model/connection';
import { Container, ContainerRole } from '../../model/container';
import type { Endpoint } from '../../model/endpoint';
import type { Primitive } from '../../model/primitive';
import type { PublishedPort } from '../../model/published-port';
import { Workload } from '../../model/workload';
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
  /** Who may come, where the client is outside. */
  readonly who?: string;
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
    ...client.exposure ? { who: client.exposure.description } : {},
  };
}

/** The published port that a client from outside comes by. */
export function comesThrough({ client, endpoint }: Connection): PublishedPort | undefined {
  return client.exposure ? publishedPortOf(endpoint) : undefined;
}

function publishedPortOf({ workload, portName }: Endpoint): PublishedPort | undefined {
  return workload instanceof Workload ? workload.publishedPorts.find(({ endpoint }) => endpoint.portName === portName) : undefined;
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
  const addOutside = (title: string, ...captions: string[]) => {
    const id = [title, ...captions].join(' ');
    outside.set(id, { id, kind: 'outside', title, captions, channels: [], isExposed: false });
    return id;
  };
  const lines = connections.flatMap((connection): Line[] => {
    const { client, endpoint, flow: { action, channel } } = connection;
    const here = client.clientWorkload ? idOf(client.clientWorkload) : addOutside(client.clientName, ...captionsOf(client));
    const there = endpoint.workload ? idOf(endpoint.workload) : addOutside(endpoint.host, 'outside');
    const endsOf = (comes: string, place: string) => TAKING.has(action) ? { from: place, to: comes, place: 'from' as const } : { from: comes, to: place, place: 'to' as const };
    const last = { kind: 'flow' as const, label: labelOf(connection), ...channel === undefined ? {} : { channel } };
    const { balancer, hostPort } = comesThrough(connection) ?? {};
    if (!balancer) return [{ ...last, ...endsOf(here, there) }];
    const through = idOf(balancer);
    return [{ kind: 'flow', label: `${action} · ${hostPort}/${endpoint.protocol}`, ...endsOf(here, through) }, { ...last, ...endsOf(through, there) }];
  });
  return { lines: withoutDuplicates(lines), outside: [...outside.values()].sort((a, b) => byText(a.id, b.id)) };
}

function captionsOf({ clientName, exposure }: Client): string[] {
  const from = exposure && exposure.description !== clientName ? [`from ${exposure.description}`] : [];
  return ['client outside', ...from];
}

function labelOf(connection: Connection): string {
  const { client, endpoint, flow: { action } } = connection;
  const { host, port, protocol, workload } = endpoint;
  const member = workload && host !== workload.name ? ` ${host.split('.')[0]}` : '';
  const { hostPort } = comesThrough(connection) ?? { hostPort: port };
  return `${client instanceof Container ? prefixOf(client) : ''}${action}${member} · ${hostPort === port ? '' : `${hostPort} to `}${port}/${protocol}`;
}
