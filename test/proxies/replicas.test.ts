// What the engine does whose list of replicas changes while a request waits.
import { Endpoint } from 'cdk8s-conduit';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { setTimeout as wait } from 'timers/promises';
import { NameServer } from './name-server';
import { proxyTest, Setting } from './setting';
import { eventually } from '../live/eventually';

const [ENDS, STAYS, COMES] = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Replicas at one port; the first takes requests and never answers, until it ends. */
async function startReplicas(setting: Setting) {
  const held: (() => void)[] = [];
  const servers: Server[] = [];
  const listen = async (address: string, port: number, server: Server) => {
    await new Promise<void>(resolve => server.listen(port, address, resolve));
    servers.push(server);
    setting.stopAfter({ stop: () => { server.closeAllConnections(); server.close(); } });
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(ENDS, 0, createServer(({ socket }) => { held.push(() => socket.destroy()); }));
  for (const address of [STAYS, COMES]) await listen(address, port, createServer((_, response) => response.end('{}')));
  return { port, held, end: () => held.forEach(close => close()) };
}

proxyTest('a request whose replica ends after others came goes to one of these, unless it was sent and may change something', async setting => {
  const names = await NameServer.start(ENDS, STAYS);
  setting.stopAfter(names);
  const replicas = await startReplicas(setting);
  const proxy = setting.edge();
  proxy.route({ to: [Endpoint.external('replicas.test', replicas.port)] });
  const server = await setting.start(proxy, { nameServer: names.address });
  const ask = (method: string) => server.get('/', { method, body: method === 'POST' ? 'x' : undefined }).then(({ status }) => status);
  const asked = (answeredBy: string) => server.requests.some(({ upstream }) => upstream.startsWith(answeredBy));
  await eventually(async () => await Promise.race([ask('GET'), wait(500)]) === 200 || asked(STAYS), { what: 'a list of replicas' });
  const many = (method: string) => Array.from({ length: 6 }, () => ask(method));
  const [read, changed] = [many('GET'), many('POST')];
  await eventually(() => replicas.held.length >= 6, { what: 'requests that wait' });
  names.addresses = [STAYS, COMES];
  await eventually(() => { read.push(ask('GET')); return asked(COMES); }, { what: 'another list of replicas' });
  replicas.end();
  expect(new Set(await Promise.all(read))).toEqual(new Set([200]));
  expect(await Promise.all(changed)).toContain(502);
}, 'nginx');
