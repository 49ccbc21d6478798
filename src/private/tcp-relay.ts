import { HaproxyLine, HaproxySection, haproxyText } from './haproxy-syntax';
import { HAPROXY } from './proxy-images';
import { listensOn, RelayedPort, RelayProgram } from './relay';

/** What one relay carries at a time; each connection takes two buffers of 16 KiB. */
const MOST_CONNECTIONS = 2000;

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
  return {
    head: ['listen', `port_${port.name}`],
    lines: [
      ...listensOn(port).map(address => ['bind', `${address}:${port.port}`, ...(address === '[::]' ? ['v6only'] : [])]),
      ...port.gateways.map(address => ['acl', 'gateways', 'src', address]),
      ...port.sources.map(range => ['acl', 'sources', 'src', range]),
      ['log', 'global'],
      ['option', 'dontlog-normal'],
      ['log-format', 'refused or failed: %ci:%cp to %f, %ts'],
      ['tcp-request', 'content', 'reject', 'if', 'gateways'],
      ['tcp-request', 'content', 'reject', 'unless', 'sources'],
      ['server', 'workload', port.server, 'resolvers', 'engine', 'init-addr', 'none', 'resolve-prefer', 'ipv4'],
    ],
  };
}
