// Runs the program of a proxy on this machine, as its container would, with other numbers of ports.
import type { ReverseProxy } from 'cdk8s-conduit';
import { ChildProcess, spawn } from 'child_process';
import { openSync } from 'fs';
import { request as httpRequest, createServer, IncomingMessage, Server } from 'http';
import { request as httpsRequest } from 'https';
import { AddressInfo, createServer as createPlainServer } from 'net';
import { delimiter } from 'path';
import { Duplex } from 'stream';
import { makeCertificate } from '../../src/cli/certificates';
import { proxyProgram } from '../judges/proxies';
import { Sandbox } from '../programs/sandbox';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** What an upstream says beside. */
type AnswerOf = (request: IncomingMessage) => { status?: number; headers?: Record<string, string> } | undefined;

/** How the proxy is asked: `secure` by TLS. */
interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string;
  readonly secure?: boolean;
  readonly port?: number;
}

/** An upstream on this machine, which tells what it was asked. */
export class Upstream {
  public static async start(name: string, answer?: AnswerOf): Promise<Upstream> {
    const upstream = new Upstream(name);
    upstream.server.on('request', (request: IncomingMessage, response) => {
      let body = '';
      request.on('data', chunk => { body += chunk; }).on('end', () => {
        upstream.requests += 1;
        const { status = 200, headers = {} } = answer?.(request) ?? {};
        response.writeHead(status, headers).end(JSON.stringify({ name, method: request.method, url: request.url, headers: request.headers, body }));
      });
    });
    upstream.server.listen(0, '127.0.0.1');
    await new Promise(resolve => upstream.server.once('listening', resolve));
    return upstream;
  }

  public requests = 0;
  private readonly server: Server = createServer();

  private constructor(public readonly name: string) {}

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Has the upstream do something with a connection that is to become another. */
  public onUpgrade(act: (request: IncomingMessage, socket: Duplex) => void): void {
    this.server.on('upgrade', act);
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** What stands around a proxy. */
export interface Surroundings {
  /** Addresses of what is believed to say who a client is. */
  readonly proxySources?: string;
  /** Address of what the proxy asks for names. */
  readonly nameServer?: string;
}

/** A proxy that runs. */
export class RunningProxy {
  public static async start(proxy: ReverseProxy, { proxySources = '', nameServer = '127.0.0.1' }: Surroundings = {}): Promise<RunningProxy> {
    const sandbox = new Sandbox();
    const { main } = proxy.workload;
    sandbox.mount(main);
    const { certificate } = proxy;
    if (certificate) RunningProxy.writeCertificate(sandbox, proxy);
    const program = proxy.engine.product.toLowerCase() as 'nginx' | 'haproxy';
    sandbox.link(`/bin/${program}`, proxyProgram(program));
    const ports = await freePorts(5);
    const file = main.configFiles.find(({ path }) => /(nginx\.conf|haproxy\.cfg)$/.test(path))!;
    let text = file.render({ dnsResolver: nameServer, dnsSuffix: '' });
    [8080, 8443, 8081, 8082, 8444].forEach((port, index) => { text = text.replace(new RegExp(`((?:listen|bind|dst_port) "?(?:(?:\\[::\\]|0\\.0\\.0\\.0):)?)${port}\\b`, 'g'), `$1${ports[index]}`); });
    sandbox.write(file.path, text.replace('daemon off;', 'daemon off;\nuser root;')); // whoever runs the tests may be root
    const child = spawn('sh', [sandbox.path(main.command![1])], { env: { DNS_SUFFIX: '', PROXY_PROTOCOL_SOURCES: proxySources, PATH: `${sandbox.path('/bin')}${delimiter}${process.env.PATH}` }, cwd: sandbox.path('/'), stdio: ['ignore', openSync(sandbox.path('/log'), 'a'), 'pipe'], detached: true });
    const running = new RunningProxy(sandbox, proxy, child, ports);
    for (let tries = 0; tries < 100; tries++) {
      if ((await running.get('/', { port: ports[2] }).catch(() => undefined))?.status === 200) return running;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await running.stop();
    throw new Error(`the proxy does not start: ${running.errors}`);
  }

  private static writeCertificate(sandbox: Sandbox, { certificate }: ReverseProxy): void {
    const pem = makeCertificate('edge', certificate!.chain.hosts!);
    for (const secret of [certificate!.chain, certificate!.key]) sandbox.write(secret.path, pem[secret.key]);
  }

  public errors = '';

  private constructor(
    public readonly sandbox: Sandbox, private readonly proxy: ReverseProxy, private readonly child: ChildProcess, private readonly ports: number[],
  ) {
    child.stderr!.setEncoding('utf8').on('data', text => { this.errors += text; });
  }

  /** Lines of the access log. */
  public get requests(): any[] {
    return this.sandbox.read('/log')!.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));
  }

  /** Asks without TLS, or with it. */
  public get(path: string, options: RequestOptions = {}): Promise<Answer> {
    const { headers = {}, method = 'GET', body, secure = false } = options;
    const port = options.port ?? this.ports[secure ? 1 : 0];
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)({ host: '127.0.0.1', port, path, method, headers, agent: false, rejectUnauthorized: false } as object, response => {
        let text = '';
        response.setEncoding('utf8').on('data', chunk => { text += chunk; }).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      });
      request.on('error', reject).end(body);
    });
  }

  /** What the upstream says it was asked. */
  public async asked(path: string, options: Parameters<RunningProxy['get']>[1] = {}): Promise<any> {
    const { status, text } = await this.get(path, options);
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text}`);
    return JSON.parse(text);
  }

  /** Where it listens with TLS. */
  public get securePort(): number {
    return this.ports[1];
  }

  /** Where it takes PROXY protocol, without TLS and with it. */
  public get proxiedPorts(): number[] {
    return this.ports.slice(3);
  }

  /** Where it listens without TLS. */
  public get plainPort(): number {
    return this.ports[0];
  }

  /** Brings another certificate. */
  public renewCertificate(): void {
    RunningProxy.writeCertificate(this.sandbox, this.proxy);
  }

  public async stop(): Promise<void> {
    const over = new Promise(resolve => this.child.once('exit', resolve));
    const ended = this.child.exitCode !== null || this.child.signalCode !== null;
    if (!ended) {
      const group = -this.child.pid!; // and what runs beside it
      process.kill(group, 'SIGTERM');
      const late = setTimeout(() => process.kill(group, 'SIGKILL'), 10_000);
      await over;
      clearTimeout(late);
    }
    this.sandbox.remove();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise<ReturnType<typeof createPlainServer>>(resolve => {
    const server = createPlainServer();
    server.listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
