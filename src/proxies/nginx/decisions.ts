import { block, Directive, line, linesIf, literal, pattern } from './writer';
import type { CorsPolicy, ProxyConfiguration, ProxyRoute } from '../proxy-configuration';
import { RUN_PATH } from '../proxy-workload';

/** Name of the variable that is 1 for clients that may come: to the proxy, or to the route of a number. */
export function sourceVariable(route?: number): string {
  return route === undefined ? '$conduit_source' : `$conduit_source_${route}`;
}

/** Name of the variable that holds the origin of a request if it may come, and is empty otherwise. */
export function originVariable(route: number): string {
  return `$conduit_origin_${route}`;
}

/** Name of the variable that says where requests of a route go, some of them elsewhere. */
export function shareVariable(route: number): string {
  return `$conduit_share_${route}`;
}

/** Name of the zone that counts requests for a route. */
export function limitZone(route: number): string {
  return `limit_${route}`;
}

/** What is decided of a request by its address, its origin and its number, before a route sees it. */
export function decisionsOf({ sources, routes }: ProxyConfiguration): Directive[] {
  return [
    ...linesIf(sources !== undefined, allow(sourceVariable(), sources ?? [])),
    ...routes.flatMap((route, index) => decisionsOfRoute(route, index)),
  ];
}

function decisionsOfRoute({ sources, cors, rateLimit, forward }: ProxyRoute, index: number): Directive[] {
  const canary = forward?.canary;
  return [
    ...linesIf(sources !== undefined, allow(sourceVariable(index), sources ?? [])),
    ...(cors ? [origins(originVariable(index), cors)] : []),
    ...(rateLimit ? [line('limit_req_zone', '$binary_remote_addr', `zone=${limitZone(index)}:10m`, `rate=${rateLimit.requestsPerSecond}r/s`)] : []),
    ...(canary ? [block('split_clients', ['$request_id', shareVariable(index)], line(`${canary.percent}%`, `canary_${index}`), line('*', `route_${index}`))] : []),
  ];
}

/** The closest range decides, so the own gateways are refused unless one of them is allowed by its very address. */
function allow(variable: string, ranges: string[]): Directive {
  return block('geo', [variable], line('default', 0), line('include', `${RUN_PATH}/gateways.conf`), ...ranges.map(range => line(range, 1)));
}

function origins(variable: string, { origins: allowed }: CorsPolicy): Directive {
  const everyone = allowed.includes('*');
  return block('map', ['$http_origin', variable], line('default', everyone ? '*' : ''), ...linesIf(everyone, line('', '')),
    ...allowed.filter(origin => origin !== '*').map(origin => line(`~^${pattern(origin)}$`, literal(origin))));
}
