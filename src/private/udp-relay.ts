import { NginxDirective, nginxText } from './nginx-syntax';
import { NGINX } from './proxy-images';
import type { RelayedPort, RelayProgram } from './relay';

/** Seconds after which a client that is quiet is forgotten; from then on it comes as another one. */
const QUIET = 30;
/** Each client has one to it, and one to the server. */
const MOST_CONNECTIONS = 8192;

/** The relay for UDP. It keeps apart clients by their addresses and ports, and looks up its server's address anew all the time. */
export const UDP_RELAY: RelayProgram = {
  image: NGINX,
  command: path => ['nginx', '-c', path],
  stopSignal: 'SIGQUIT',
  writablePath: '/tmp',
  configuration: (ports, health, resolver) => nginxText([
    ['daemon', 'off'],
    ['worker_processes', 1],
    ['error_log', 'stderr', 'warn'],
    ['pid', '/tmp/nginx.pid'],
    ['worker_shutdown_timeout', '8s'],
    ['events', [['worker_connections', MOST_CONNECTIONS]]],
    ['stream', [
      ['resolver', resolver, 'valid=1s', 'ipv6=off'],
      ['resolver_timeout', '1s'], // after a failure, too, it asks again when this is over
      ['server', [['listen', `127.0.0.1:${health}`], ['return', 'ok']]],
      ...ports.flatMap(toServer),
    ]],
  ]),
};

function toServer(port: RelayedPort): NginxDirective[] {
  const upstream = `port_${port.name}`;
  return [
    ['upstream', upstream, [['zone', upstream, '64k'], ...port.servers.map(({ host, port: number }) => ['server', `${host}:${number}`, 'resolve', 'max_fails=0'])]],
    ['server', [
      ...port.addresses.map(address => ['listen', `${address}:${port.port}`, 'udp', ...(address === '[::]' ? ['ipv6only=on'] : [])]),
      ...port.sources ? [...port.gateways.map(address => ['deny', address]), ...port.sources.map(range => ['allow', range]), ['deny', 'all']] : [],
      ['proxy_pass', upstream],
      ['proxy_timeout', `${QUIET}s`],
    ]],
  ];
}
