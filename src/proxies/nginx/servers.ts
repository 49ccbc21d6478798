import { sourceVariable } from './decisions';
import { answerHeaders } from './headers';
import { locationsOf } from './locations';
import { block, Directive, line, linesIf } from './writer';
import { byText } from '../../private/names';
import { PathMatch, ProxyConfiguration } from '../proxy-configuration';
import { ProxyPorts } from '../proxy-engine';

/** A server for each host name that has routes of its own, one for all others, and one for the health check. */
export function serversOf(configuration: ProxyConfiguration): Directive[] {
  const { hosts, routes, tls } = configuration;
  const named = [...new Set(routes.flatMap(({ host }) => host ?? []))].sort(byText);
  const others = hosts?.filter(host => !named.includes(host));
  const servers = (secure: boolean) => [
    ...(hosts ? [refusingServer(configuration, secure)] : []),
    ...(others?.length === 0 ? [] : [server(configuration, secure, others ?? [], undefined)]),
    ...named.map(host => server(configuration, secure, [host], host)),
  ];
  const plain = tls?.redirectPort === undefined ? servers(false) : redirectingServers(configuration, tls.redirectPort);
  return [...plain, ...(tls ? servers(true) : []), healthServer()];
}

/** A server for hosts; for each of them that has none, if there are no names. */
function server(configuration: ProxyConfiguration, secure: boolean, names: string[], host: string | undefined): Directive {
  const routes = configuration.routes.filter(route => route.host === undefined || route.host === host);
  const root = routes.some(({ path, match }) => path === '/' && match === PathMatch.PREFIX);
  return block('server', [],
    ...listen(configuration, secure, names.length === 0),
    line('server_name', ...(names.length === 0 ? ['_'] : [...names].sort(byText))),
    ...refusal(configuration),
    ...answerHeaders(configuration, secure),
    ...firstOfEach(routes.flatMap(route => locationsOf(configuration, route, secure))),
    ...linesIf(!root, block('location', ['/'], line('return', 404))));
}

/** Of several routes for one place the first decides, as everywhere. */
function firstOfEach(places: Directive[]): Directive[] {
  const nameOf = (place: Directive) => place.filter(part => !Array.isArray(part)).join(' ');
  return [...new Map([...places].reverse().map(place => [nameOf(place), place])).values()].reverse();
}

/** Whoever asks for a name that is none of the proxy's. */
function refusingServer(configuration: ProxyConfiguration, secure: boolean): Directive {
  return block('server', [], ...listen(configuration, secure, true), line('server_name', '_'), line('return', 421));
}

/** Whoever comes without TLS. */
function redirectingServers(configuration: ProxyConfiguration, port: number): Directive[] {
  const { hosts } = configuration;
  return [
    ...(hosts ? [refusingServer(configuration, false)] : []),
    block('server', [],
      ...listen(configuration, false, !hosts),
      line('server_name', ...(hosts ? [...hosts].sort(byText) : ['_'])),
      ...refusal(configuration),
      line('return', 308, `https://$host${port === 443 ? '' : `:${port}`}$request_uri`)),
  ];
}

function refusal({ sources }: ProxyConfiguration): Directive[] {
  return linesIf(sources !== undefined, block('if', ['(', sourceVariable(), '=', '0', ')'], line('return', 403)));
}

function listen({ tls, proxyProtocol }: ProxyConfiguration, secure: boolean, everyName: boolean): Directive[] {
  const [port, proxied] = secure ? [ProxyPorts.HTTPS, ProxyPorts.HTTPS_PROXIED] : [ProxyPorts.HTTP, ProxyPorts.HTTP_PROXIED];
  const options = [...(secure ? ['ssl'] : []), ...(everyName ? ['default_server'] : [])];
  return [
    line('listen', port, ...options),
    line('listen', `[::]:${port}`, ...options),
    ...linesIf(proxyProtocol, line('listen', proxied, ...options, 'proxy_protocol'), line('listen', `[::]:${proxied}`, ...options, 'proxy_protocol')),
    ...(secure && tls ? [line('ssl_certificate', tls.certificate.chain.path), line('ssl_certificate_key', tls.certificate.key.path)] : []),
  ];
}

function healthServer(): Directive {
  return block('server', [],
    line('listen', ProxyPorts.HEALTH),
    line('listen', `[::]:${ProxyPorts.HEALTH}`),
    line('access_log', 'off'),
    block('location', ['=', '/'], line('return', 200)),
    block('location', ['/'], line('return', 404)));
}
