import { HaproxyLine, HaproxySection, haproxyText } from './haproxy-syntax';
import { HAPROXY } from './proxy-images';
import type { RelayedPort, RelayProgram, RelayServer } from './relay';

/** What one relay carries at a time; each connection takes two buffers of 16 KiB. */
const MOST_CONNECTIONS = 2000;
/** More replicas of one workload get no connections. */
const MOST_REPLICAS = 32;

/** The relay for TCP. It forgets no quiet connection that is still there, and looks up its server's address anew all the time. */
export const TCP_RELAY: RelayProgram = {
  image: HAPROXY,
  command: path => ['haproxy', '-W', '-db', '-f', path],
  stopSignal: 'SIGUSR1',
  configuration: (ports, health, resolver) => haproxyText([
    { head: ['global'], lines: [['log', 'stdout', 'format', 'raw', 'daemon', 'info'], ['maxconn', MOST_CONNECTIONS], ['hard-stop-after', '8s']] },
    { head: ['defaults'], lines: DEFAULTS },
    { head: ['resolvers', 'engine'], lines: [['nameserver', 'engine', `${resolver}:53`], ['hold', 'valid', '1s'], ['timeout', 'resolve', '1s'], ['timeout', 'retry', '1s']] },
    { head: ['listen', 'health'], lines: [['bind', `127.0.0.1:${health}`], ['tcp-request', 'connection', 'reject']] },
    ...ports.map(toSection),
  ]),
};

const DEFAULTS: HaproxyLine[] = [
  ['mode', 'tcp'],
  ['option', 'clitcpka'],
  ['option', 'srvtcpka'],
  ['timeout', 'connect', '5s'],
  ['timeout', 'client', '1d'],
  ['timeout', 'server', '1d'],
  ['timeout', 'client-fin', '30s'],
  ['timeout', 'server-fin', '30s'],
];

/** No name of a port has '_', so that none is that of another section. */
function toSection(port: RelayedPort): HaproxySection {
  const { name, addresses, sources, servers } = port;
  return {
    head: ['listen', `port_${name}`],
    lines: [
      ...addresses.map(address => ['bind', `${address}:${port.port}`, ...(address === '[::]' ? ['v6only'] : [])]),
      ...port.gateways.map(address => ['acl', 'gateways', 'src', address]),
      ...sources?.map(range => ['acl', 'sources', 'src', range]) ?? [],
      ['log', 'global'],
      ['option', 'dontlog-normal'],
      ['log-format', 'refused or failed: %ci:%cp to %f, %ts'],
      ...sources ? [['tcp-request', 'content', 'reject', 'if', 'gateways'], ['tcp-request', 'content', 'reject', 'unless', 'sources']] : unknownClients(servers),
      // a replica that takes no connection costs none, as another one gets it
      ['balance', 'leastconn'],
      ['retries', 3],
      ['option', 'redispatch', 1],
      ...healthLines(servers),
      ...servers.map(server => serverLine(server)),
    ],
  };
}

/** Whoever comes from a gateway is told to be the relay, which no range of sources is to let in. */
function unknownClients(servers: RelayServer[]): HaproxyLine[] {
  const own = servers.find(({ proxyFrom }) => proxyFrom)?.proxyFrom;
  return own ? [['tcp-request', 'connection', 'set-src', `str(${own})`, 'if', 'gateways']] : [];
}

/** All are asked in one way: for an answer where each of them has the same, otherwise for a connection. */
function healthLines(servers: RelayServer[]): HaproxyLine[] {
  const [path, ...others] = new Set(servers.map(({ health }) => health?.path));
  return path === undefined || others.length > 0 ? [] : [['option', 'httpchk'], ['http-check', 'send', 'meth', 'GET', 'uri', path, 'ver', 'HTTP/1.1', 'hdr', 'Host', 'health']];
}

function serverLine({ name, host, port, proxyFrom, health }: RelayServer): HaproxyLine {
  return [
    'server-template', `${name}_`, `1-${MOST_REPLICAS}`, `${host}:${port}`, 'resolvers', 'engine', 'init-addr', 'none', 'resolve-prefer', 'ipv4',
    ...(proxyFrom ? ['send-proxy-v2'] : []),
    'check', ...(health ? ['port', health.port] : []), 'inter', '2s', 'fastinter', '500ms', 'downinter', '500ms', 'fall', 2, 'rise', 1,
    'observe', 'layer4', 'error-limit', 1, 'on-error', 'mark-down',
  ];
}
