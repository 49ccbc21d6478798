import { Application, Certificate, ConfigFile, HealthCheck, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { Answer, ANSWERS, HOST_PATH } from './http-answers';

jest.setTimeout(400_000);

/** Where only a request is answered well that has two headers. */
const HEADER_PATH = '/headers';

/** Of those that differ by a number alone, one or two. */
const CASES: readonly Answer[] = [
  ...ANSWERS.filter(({ path }) => /^\/(other|relative|loop|206$|304$|404$|302-to)/.test(path)),
  ...ANSWERS.filter(({ path }) => path.startsWith('/chain-10-')).slice(0, 2),
  { name: 'an answer to those alone who name an address as its host', path: HOST_PATH, text: '', healthy: true },
];

const SERVER = `import json, re, socket, ssl, sys, threading, time
answers = json.load(open('/etc/answers.json'))
def answer(connection):
    request = connection.recv(9999).decode()
    path = request.split(' ')[1]
    host = re.search(r'(?im)^host: *(.*?)\\r?$', request).group(1)
    if path == '${HEADER_PATH}':
        text = 'HTTP/1.1 %d Whatever\\r\\n\\r\\n' % (200 if host == 'shop.example' and re.search(r"(?im)^x-token: it's me\\r?$", request) else 400)
    elif path == '${HOST_PATH}':
        text = 'HTTP/1.1 %d Whatever\\r\\n\\r\\n' % (200 if re.fullmatch(r'\\d+(\\.\\d+){3}:8080', host) and not host.startswith('127.') else 400)
    else:
        text = answers.get(path, answers.get(path.split('?')[0], 'HTTP/1.1 404 No\\r\\n\\r\\n'))
    connection.sendall(text.replace('@HOST@', host).replace('@NAME@', host.split(':')[0]).encode())
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)
    connection.close()
time.sleep(int(sys.argv[3]))
server = socket.create_server((sys.argv[1], 8080))
if sys.argv[2] == 'tls':
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain('/run/secrets/tls-certificate', '/run/secrets/tls-key')
    server = tls.wrap_socket(server, server_side=True)
while True:
    try:
        threading.Thread(target=answer, args=(server.accept()[0],)).start()
    except OSError as error: # a handshake failed
        print(error, flush=True)
`;

function build(): Application {
  const application = new Application('answers');
  const files = [
    new ConfigFile(application, 'server', { path: '/etc/server.py', content: SERVER }),
    new ConfigFile(application, 'table', { path: '/etc/answers.json', content: JSON.stringify(Object.fromEntries(ANSWERS.map(({ path, text }) => [path, text]))) }),
  ];
  const resources = { cpuRequest: 0.01 }; // so that all of them leave room for the suites beside
  const certificate = new Certificate(application, 'certificate', { name: 'tls', hosts: ['server'] });
  const client = new Workload(application, 'client', { image: 'busybox:1.37.0-musl', args: ['sleep', 'infinity'], resources });
  const add = (id: string, address: string, health: HealthCheck, { tls = false, seconds = 0 } = {}) => {
    const args = ['python', '/etc/server.py', address, tls ? 'tls' : 'plain', `${seconds}`];
    const server = new Workload(application, id, { image: 'python:3.13-slim', args, ports: [{ name: 'http', number: 8080 }], health, resources });
    for (const file of files) server.main.mountConfigFile(file);
    if (tls) for (const secret of [certificate.chain, certificate.key]) server.main.mountSecret(secret);
    client.connectTo(server.endpoint(), { waits: false, prefix: id.replaceAll('-', '_') });
  };
  const soon = { startPeriod: Duration.seconds(1), failureThreshold: 1 };
  const patient = { timeout: Duration.seconds(60) }; // what an answer means is asked here, and not how soon a busy machine has it
  CASES.forEach(({ path, healthy }, index) => add(`answer-${index}`, '0.0.0.0', HealthCheck.http(8080, path, healthy ? patient : soon)));
  const headers = { 'Host': 'shop.example', 'X-Token': "it's me" };
  add('headers', '0.0.0.0', HealthCheck.http(8080, HEADER_PATH, { ...patient, headers }));
  add('no-headers', '0.0.0.0', HealthCheck.http(8080, HEADER_PATH, soon));
  add('tls', '0.0.0.0', HealthCheck.http(8080, '/relative', { ...patient, tls: true }), { tls: true });
  add('tls-failure', '0.0.0.0', HealthCheck.http(8080, '/500', { ...soon, tls: true }), { tls: true });
  add('tls-headers', '0.0.0.0', HealthCheck.http(8080, HEADER_PATH, { ...patient, headers, tls: true }), { tls: true });
  add('to-tls', '0.0.0.0', HealthCheck.http(8080, '/200', soon), { tls: true });
  add('slow', '0.0.0.0', HealthCheck.http(8080, '/200'), { seconds: 100 });
  add('loopback-http', '127.0.0.1', HealthCheck.http(8080, '/200', soon));
  add('loopback-tcp', '127.0.0.1', HealthCheck.tcp(8080, soon));
  return application;
}

describeLive('an answer to a health check', engine => {
  const bad = [...CASES.flatMap(({ healthy }, index) => healthy ? [] : [`answer-${index}`]), 'loopback-http', 'loopback-tcp', 'no-headers', 'tls-failure', 'to-tls'];
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = engine.application(build());
    await deployment.start({ except: bad });
  });
  afterAll(() => deployment.remove());

  const healthOf = async (workload: string) => (await deployment.replicas(workload)).map(({ healthy }) => healthy);

  it.each(CASES.map(({ name, healthy }, index) => [name, healthy ? 'healthy' : 'a failure', index, healthy] as const))('of the kind "%s" is %s', async (_, __, index, healthy) => {
    expect(await healthOf(`answer-${index}`)).toEqual([healthy]);
  });

  it.each([
    ['with the headers that the server asks for', 'headers', true],
    ['without them', 'no-headers', false],
    ['by TLS, after a redirect', 'tls', true],
    ['by TLS, with a status that fails', 'tls-failure', false],
    ['by TLS, with the headers that the server asks for', 'tls-headers', true],
    ['by HTTP from a server of TLS', 'to-tls', false],
    ['from a server that listens after 100 s', 'slow', true],
  ])('%s is what both engines take it for', async (_, workload, healthy) => {
    expect(await healthOf(workload)).toEqual([healthy]);
  });

  it('cannot come from a server that listens on its loopback address alone', async () => {
    expect(await Promise.all(['loopback-http', 'loopback-tcp'].map(healthOf))).toEqual([[false], [false]]);
  });
});
