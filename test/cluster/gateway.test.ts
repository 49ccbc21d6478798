// A controller proxies in the place of the engine: by an Ingress, and by the Gateway API. It is built and started by the cluster's own scripts, and stays.
import { Application, ConfigFile, DiscoverableService, Exposure, GatewayRoutes, IngressRoutes, KubernetesChart, Nginx, PathMatch, ReverseProxy } from 'cdk8s-conduit';
import { readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request, RequestOptions } from 'node:https';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { nodeAddress } from '../live/cluster';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

jest.setTimeout(3 * MINUTE);

const PROGRAM = readFileSync(join(__dirname, '../../examples/12-reverse-proxy-tls/programs/answer.py'), 'utf8');
const PYTHON = 'python:3.13-slim';

/** The same upstreams behind a proxy that is to be an Ingress, and behind one that is to be a Gateway. */
function build() {
  const application = new Application('gateways');
  const answer = new ConfigFile(application, 'answer', { path: '/app/answer.py', content: PROGRAM });
  const service = (id: string) => {
    const made = new DiscoverableService(application, id, { image: PYTHON, args: ['python', '-u', '/app/answer.py'], port: 8000 });
    made.workload.main.mountConfigFile(answer);
    return made;
  };
  const [frontend, api, next] = ['frontend', 'api', 'next'].map(service);
  const open = { engine: new Nginx(), exposure: Exposure.everyoneOnTheInternet() };
  const plain = new ReverseProxy(application, 'plain', { ...open, hosts: ['plain.example'], httpPort: 81 });
  plain.route({ to: [frontend.endpoint()] });
  plain.route({ path: '/api', to: [api.endpoint()] });
  const edge = new ReverseProxy(application, 'edge', { ...open, hosts: ['shop.example', 'other.example'], tls: {} });
  edge.route({ to: [frontend.endpoint()] });
  edge.route({ path: '/api', to: [api.endpoint()], rewrite: '/', canary: { to: [next.endpoint()], percent: 25 } });
  edge.route({ path: '/api/exact', match: PathMatch.EXACT, to: [next.endpoint()] });
  edge.route({ host: 'other.example', to: [api.endpoint()] });
  edge.route({ path: '/old', redirect: { to: '/new', status: 307 } });
  return { application, plain, edge };
}

/** What a node answers. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: any;
}

describeLive<Kubernetes>('a controller in the place of a proxy', engine => {
  let deployment: KubernetesDeployment;
  let node: string;
  const ask = (host: string, path: string, { secure = false, headers = {} } = {}) => new Promise<Answer>((resolve, reject) => {
    const options: RequestOptions = {
      host: node, port: secure ? 30443 : 30080, path, servername: host, rejectUnauthorized: false, headers: { Host: host, ...headers }, timeout: 10_000,
    };
    const asked = (secure ? request : plainRequest)(options, answer => {
      let text = '';
      answer.on('data', chunk => { text += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers as any, body: text.startsWith('{') ? JSON.parse(text) : text }));
    });
    asked.on('error', reject).on('timeout', () => asked.destroy(new Error(`no answer for ${host}${path}`))).end();
  });
  const replicaOf = async (...asked: Parameters<typeof ask>) => {
    const { status, body } = await ask(...asked);
    return status === 200 ? `${body.replica.split('-')[0]} ${body.path}` : `${status}`;
  };

  beforeAll(async () => {
    await engine.open({ gateway: true });
    node = await nodeAddress();
    const { application, plain, edge } = build();
    deployment = engine.application(application);
    await deployment.prepare();
    const pods = { namespace: 'traefik', podLabels: { 'app.kubernetes.io/name': 'traefik' } };
    const app = new App();
    new KubernetesChart(app, 'gateways', {
      application,
      namespace: deployment.namespace,
      kubernetesVersion: '1.34',
      providers: [new IngressRoutes(plain, { ...pods, ingressClass: 'traefik' }), new GatewayRoutes(edge, { ...pods, gatewayClass: 'traefik' })],
    });
    await deployment.apply(app.synthYaml() as string);
    for (const name of ['frontend', 'api', 'next']) await deployment.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=120s'], { timeoutMs: 2 * MINUTE });
    await eventually(async () => await replicaOf('shop.example', '/', { secure: true }) === 'frontend /' && await replicaOf('plain.example', '/') === 'frontend /',
      { what: 'the controller to have the routes', timeoutMs: MINUTE });
  }, 60 * MINUTE);
  afterAll(() => deployment.remove());

  it('leads requests to upstreams by an Ingress', async () => {
    expect(await replicaOf('plain.example', '/')).toBe('frontend /');
    expect(await replicaOf('plain.example', '/api/orders?a=b')).toBe('api /api/orders?a=b');
    expect(await replicaOf('plain.example', '/apis')).toBe('frontend /apis');
    expect(await replicaOf('nobody.example', '/')).toBe('404');
  });

  it('leads requests to upstreams by the Gateway API, with paths as the routes say', async () => {
    expect(await replicaOf('shop.example', '/x', { secure: true })).toBe('frontend /x');
    expect(await replicaOf('shop.example', '/api/exact', { secure: true })).toBe('next /api/exact');
    expect(await replicaOf('shop.example', '/api/orders?a=b', { secure: true })).toMatch(/^(api|next) \/orders\?a=b$/);
    expect(await replicaOf('other.example', '/', { secure: true })).toBe('api /');
    expect(await replicaOf('other.example', '/api/exact', { secure: true })).toBe('next /api/exact');
    const { status, headers } = await ask('shop.example', '/old', { secure: true });
    expect([status, new URL(headers.location, 'https://shop.example/').pathname]).toEqual([307, '/new']);
  });

  it('gives a canary its share', async () => {
    const count = { api: 0, next: 0 };
    for (let round = 0; round < 80; round++) count[(await replicaOf('shop.example', '/api/', { secure: true })).split(' ')[0] as keyof typeof count]++;
    expect(count.next).toBeGreaterThan(10);
    expect(count.next).toBeLessThan(30);
    expect(count.api + count.next).toBe(80);
  });

  it('sends clients without TLS to the port with TLS', async () => {
    const { status, headers } = await ask('shop.example', '/x?a=b');
    expect([status, headers.location]).toEqual([308, 'https://shop.example/x?a=b']);
  });

  it('drops what a client says of itself, names the prefix, and adds the headers of answers', async () => {
    const forged = { 'X-Forwarded-User': 'root', 'X-Original-URL': '/admin', 'Forwarded': 'for=6.6.6.6', 'X-Forwarded-Prefix': '/forged', 'X-Forwarded-For': '6.6.6.6' };
    const { headers, body } = await ask('shop.example', '/api/x', { secure: true, headers: forged });
    for (const name of ['x-forwarded-user', 'x-original-url', 'forwarded']) expect(body.headers[name]).toBeUndefined();
    expect(body.headers['x-forwarded-prefix']).toBe('/api');
    expect(body.headers['x-forwarded-for']).not.toContain('6.6.6.6');
    expect(body.headers['x-forwarded-proto']).toBe('https');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBe('max-age=15552000');
    expect((await ask('shop.example', '/', { secure: true, headers: forged })).body.headers['x-forwarded-prefix']).toBeUndefined();
  });

  it('is let in to the upstreams, and no other pod of the cluster is, not even of its namespace', async () => {
    const [{ addresses: [address] }] = await deployment.replicas('frontend');
    const knock = async (namespace: string, label: string) => {
      const run = ['run', `knock-${process.pid}`, '--rm', '-i', '--quiet', '--restart=Never', '--image=busybox:1.37.0-musl', `--labels=app.kubernetes.io/name=${label}`];
      const words = ['sh', '-c', `nc -z -w 3 ${address} 8000 && echo open || echo closed`];
      return (await deployment.kubectl([`--namespace=${namespace}`, ...run, '--command', '--', ...words], { timeoutMs: MINUTE })).trim();
    };
    expect(await knock('default', 'traefik')).toBe('closed');
    expect(await knock('traefik', 'other')).toBe('closed');
    expect(await knock('traefik', 'traefik')).toBe('open');
  });

  it('has taken all that it was asked for', async () => {
    const { items } = JSON.parse(await deployment.kubectl(['get', 'gateways,httproutes', '-o', 'json']));
    const conditionsOf = ({ conditions = [], parents = [] }: any) => [...conditions, ...parents.flatMap((parent: any) => parent.conditions)];
    const wrong = items.flatMap(({ kind, metadata, status }: any) => conditionsOf(status)
      .filter((condition: any) => condition.status !== 'True').map(({ type, reason }: any) => `${kind}/${metadata.name} ${type} ${reason}`));
    expect(wrong).toEqual([]);
    expect(items.filter(({ kind }: any) => kind === 'HTTPRoute').length).toBeGreaterThan(5);
  });
}, 'Traefik');
