import { decisionsOf } from './decisions';
import { CONNECTION, FORWARDED, hiddenHeaders, requestHeaders } from './headers';
import { serversOf } from './servers';
import { upstreamsOf } from './upstreams';
import { block, Directive, DOLLAR, line, linesIf, render } from './writer';
import { ConfigFile } from '../../model/config-file';
import { byText } from '../../private/names';
import { CIPHERS, COMPRESSED } from '../http-facts';
import type { ProxyConfiguration } from '../proxy-configuration';
import { RUN_PATH } from '../proxy-workload';

/** Fields of the access log, by their variables. */
const LOG: Record<string, string> = {
  time: '$time_iso8601',
  client: '$remote_addr',
  method: '$request_method',
  host: '$host',
  path: '$conduit_path',
  protocol: '$server_protocol',
  scheme: '$scheme',
  status: '$status',
  bytes: '$bytes_sent',
  seconds: '$request_time',
  upstream: '$upstream_addr',
  upstreamStatus: '$upstream_status',
  user: '$remote_user',
  userAgent: '$http_user_agent',
  requestId: '$request_id',
};

/**
 * The configuration of the server.
 * @see https://nginx.org/en/docs/
 */
export function renderConfiguration(configuration: ProxyConfiguration, processes: number): string {
  const { tls, compression, proxyProtocol } = configuration;
  return render([
    line('worker_processes', processes),
    line('worker_shutdown_timeout', '5m'), // what is open once a new configuration was read, such as a WebSocket
    line('daemon', 'off'),
    line('ssl_object_cache_inheritable', 'off'), // or a certificate that changed twice in a second would stay as it was
    line('pid', `${RUN_PATH}/nginx.pid`),
    line('error_log', 'stderr', 'warn'),
    block('events', [], line('worker_connections', 4096)),
    block('http', [],
      line('log_format', 'conduit', 'escape=json', `{${Object.entries(LOG).map(([name, variable]) => `"${name}":"${variable}"`).join(',')}}`),
      line('access_log', '/dev/stdout', 'conduit'),
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => line(`${kind}_temp_path`, `${RUN_PATH}/${kind}`)),
      line('default_type', 'text/plain'),
      line('resolver', ConfigFile.DNS_RESOLVER, 'valid=1s', 'ipv6=off'),
      line('resolver_timeout', '1s'), // after a failure, too, it asks again when this is over
      line('http2', 'on'),
      line('server_tokens', 'off'),
      line('absolute_redirect', 'off'),
      line('client_header_timeout', '15s'),
      line('keepalive_timeout', '65s'),
      line('large_client_header_buffers', 4, '16k'),
      line('proxy_buffer_size', '16k'),
      line('proxy_buffers', 8, '16k'),
      line('proxy_max_temp_file_size', 0),
      line('limit_req_status', 429),
      line('variables_hash_max_size', 4096),
      line('server_names_hash_bucket_size', 256),
      ...linesIf(proxyProtocol, line('real_ip_header', 'proxy_protocol'), line('include', `${RUN_PATH}/proxies.conf`)),
      ...linesIf(compression, line('gzip', 'on'), line('gzip_vary', 'on'), line('gzip_proxied', 'any'), line('gzip_types', ...COMPRESSED)),
      ...linesIf(tls !== undefined,
        line('ssl_protocols', 'TLSv1.2', 'TLSv1.3'),
        line('ssl_ciphers', CIPHERS),
        line('ssl_session_cache', 'shared:tls:4m'),
        line('ssl_session_tickets', 'off')),
      line('proxy_http_version', '1.1'),
      ...requestHeaders({ ...FORWARDED, ...CONNECTION }),
      ...requestHeaders(FORWARDED, 'grpc'),
      ...(['proxy', 'grpc'] as const).flatMap(protocol => hiddenHeaders(configuration, false, protocol)),
      ...variables(),
      ...decisionsOf(configuration),
      ...upstreamsOf(configuration),
      ...serversOf(configuration)),
  ]);
}

/** A line for each user, with the number of the route whose list it is on, and a placeholder for the password. */
export function renderUsers({ routes }: ProxyConfiguration): string {
  return routes.flatMap(({ basicAuthentication }, index) => Object.entries(basicAuthentication?.users ?? {}).sort(([a], [b]) => byText(a, b))
    .map(([name, password]) => `${index} ${name}:{PLAIN}@{${password.name}}\n`)).join('');
}

function variables(): Directive[] {
  const choose = (of: string, variable: string, ...cases: [string, string][]) => block('map', [of, variable], ...cases.map(([value, result]) => line(value, result)));
  return [
    DOLLAR,
    // nothing but a WebSocket: whoever is let change to HTTP/2 behind the proxy's back gets around its rules
    choose('$http_upgrade', '$conduit_upgrade', ['default', ''], ['~*^websocket$', 'websocket']),
    choose('$conduit_upgrade', '$conduit_connection', ['default', ''], ['websocket', 'upgrade']),
    choose('$request_uri', '$conduit_path', ['default', ''], ['~^(?<conduit_before_query>[^?]*)', '$conduit_before_query']),
    choose('$remote_addr', '$conduit_for', ['default', '$remote_addr'], ['~:', '"[$remote_addr]"']),
    choose('$scheme', '$conduit_usual_port', ['default', '80'], ['https', '443']),
    choose('$request_port', '$conduit_port', ['default', '$request_port'], ['', '$conduit_usual_port']),
    choose('$request_method $http_access_control_request_method', '$conduit_preflight', ['default', '0'], ['~^OPTIONS .', '1']),
    choose('$upstream_addr', '$conduit_none_left', ['default', '0'], ['~(?:route|canary)_[0-9]+$', '1']), // a group's name where no address of it is left
  ];
}
