import { isIPv4 } from 'net';
import { block, Directive, line, linesIf } from './writer';
import type { Endpoint } from '../../model/endpoint';
import { Balancing, BalancingKind } from '../balancing';
import { DNS_SUFFIX_MARK } from '../dns-suffix';
import type { ProxyConfiguration, ProxyForward } from '../proxy-configuration';

/** Time for which a replica that failed gets no requests. */
const FAIL_TIMEOUT = '5s';
/** Time after which an idle connection is closed: less than what servers wait, which close theirs while a request is on its way. */
const IDLE = '4s';

/** The groups that requests are sent to. Their addresses are asked for each second, so that replicas may come and go. */
export function upstreamsOf({ routes, tls }: ProxyConfiguration): Directive[] {
  const secure = tls?.redirectPort !== undefined;
  return routes.flatMap(({ forward, forwardAuthentication }, index) => [
    ...(forward ? [group(`route_${index}`, forward.upstreams, forward, secure)] : []),
    ...(forward?.canary ? [group(`canary_${index}`, forward.canary.to, forward, secure)] : []),
    ...(forwardAuthentication ? [group(`auth_${index}`, [forwardAuthentication.to])] : []),
  ]);
}

function group(name: string, upstreams: Endpoint[], options?: Pick<ProxyForward, 'balancing' | 'stickyCookie'>, secure = false): Directive {
  const { stickyCookie } = options ?? {};
  return block('upstream', [name],
    line('zone', name, '256k'),
    ...(options ? methodOf(options.balancing) : []),
    ...upstreams.map(serverOf),
    ...linesIf(stickyCookie !== undefined, line('sticky', 'cookie', `${stickyCookie}`, 'path=/', 'httponly', 'samesite=lax', ...(secure ? ['secure'] : []))),
    line('keepalive', 32),
    line('keepalive_timeout', IDLE));
}

function methodOf({ kind, name }: Balancing): Directive[] {
  switch (kind) {
    case BalancingKind.ROUND_ROBIN: return [];
    case BalancingKind.LEAST_CONNECTIONS: return [line('least_conn')];
    case BalancingKind.CLIENT_ADDRESS: return [line('hash', '$remote_addr', 'consistent')];
    case BalancingKind.HEADER: return [line('hash', `$http_${name.toLowerCase().replaceAll('-', '_')}`, 'consistent')];
    case BalancingKind.COOKIE: return [line('hash', `$cookie_${name}`, 'consistent')];
  }
}

function serverOf({ host, port, workload }: Endpoint): Directive {
  const address = `${host}${workload ? DNS_SUFFIX_MARK : ''}:${port}`;
  return line('server', address, ...(isIPv4(host) ? [] : ['resolve']), 'max_fails=1', `fail_timeout=${FAIL_TIMEOUT}`);
}
