import { backendsOf } from './backends';
import { frontendsOf } from './frontends';
import { render, section } from './writer';
import { byText } from '../../private/names';
import { CIPHERS } from '../http-facts';
import type { ProxyConfiguration, ProxyRoute } from '../proxy-configuration';

/** What one replica carries at a time; each connection takes two buffers of 16 KiB. */
const MOST_CONNECTIONS = 3000;

/**
 * The configuration of the server.
 * @see https://docs.haproxy.org/3.2/configuration.html
 */
export function renderConfiguration(configuration: ProxyConfiguration, threads: number): string {
  // of clients there is one time for all routes
  const longest = Math.max(60_000, ...configuration.routes.map(({ forward }) => forward?.responseTimeout.toMilliseconds() ?? 0));
  return render([
    section(['global'],
      ['log', 'stdout', 'len', 65535, 'format', 'raw', 'local0', 'info'],
      ['nbthread', threads],
      ['maxconn', MOST_CONNECTIONS],
      ['hard-stop-after', '5m'], // what is open once a new configuration was read, such as a WebSocket
      ['ssl-default-bind-options', 'ssl-min-ver', 'TLSv1.2', 'no-tls-tickets'],
      ['ssl-default-bind-ciphers', CIPHERS]),
    section(['defaults'],
      ['mode', 'http'],
      ['timeout', 'client', `${longest}ms`],
      ['timeout', 'http-request', '15s'],
      ['timeout', 'http-keep-alive', '65s'],
      ['timeout', 'connect', '5s'],
      ['timeout', 'server', '60s'],
      ['timeout', 'queue', '5s']),
    // the addresses of replicas are asked for each second, so that they may come and go
    section(['resolvers', 'engine'],
      ['parse-resolv-conf'],
      ['accepted_payload_size', 8192],
      ['timeout', 'resolve', '1s'],
      ['timeout', 'retry', '1s'],
      ['hold', 'valid', '1s']),
    ...frontendsOf(configuration),
    ...backendsOf(configuration),
  ]);
}

/** A list for each route with users, and placeholders for their passwords. */
export function renderUsers({ routes }: ProxyConfiguration): string {
  const usersOf = ({ basicAuthentication }: ProxyRoute) => Object.entries(basicAuthentication?.users ?? {}).sort(([a], [b]) => byText(a, b));
  const lists = routes.map((route, index) => ({ index, users: usersOf(route) }));
  return render(lists.filter(({ users }) => users.length > 0).map(({ index, users }) =>
    section(['userlist', `users_${index}`], ...users.map(([name, { name: secret }]) => ['user', name, 'insecure-password', `@{${secret}}`]))));
}
