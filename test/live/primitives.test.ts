import {
  Application, ComposeProject, ConfigFile, Endpoint, EnvValue, HealthCheck, Protocol, Secret, SharedVolume, Task, Workload,
} from 'cdk8s-conduit';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { describeLive, eventually, Project } from './docker';
import { prepareApplication, Prepared } from './example';

jest.setTimeout(240_000);

const python = { image: 'python:3.13-slim' };
const idle = { ...python, args: ['python', '-c', 'import signal; signal.pause()'] };

/** One application with everything that the examples do not show. */
function build(greeting = 'hello'): Application {
  const application = new Application('primitives');

  // nothing is in this image but one static server: neither shell nor wget
  const bare = new Workload(application, 'bare', {
    image: 'conduit-test/bare:1', ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/'),
  });
  const broken = new Workload(application, 'broken', {
    image: 'conduit-test/bare:1', ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/missing', { failureThreshold: 1, startPeriod: Duration.seconds(1) }),
  });

  const results = new SharedVolume(application, 'results', { persistent: true });
  const migration = new Task(application, 'migration', { ...python, args: ['python', '-c', "import time; time.sleep(2); open('/out/done', 'w').write('done')"] });
  results.grantWrite(migration, '/out');

  const client = new Workload(application, 'client', {
    ...idle,
    args: ['python', '-uc', "print('began with', open('/in/done').read()); import signal; signal.pause()"],
    writablePaths: ['/scratch'],
    env: { GREETING: EnvValue.literal('a $HOME $(HOSTNAME) $$ {{x}} "q"') },
  });
  results.grantRead(client, '/in');
  client.waitFor(migration);
  client.connectTo(bare.endpoint());
  client.connectTo(broken.endpoint(), { waits: false });
  client.main.mountConfigFile(new ConfigFile(application, 'greeting', { path: '/etc/app/greeting.txt', content: `${greeting}\n` }));
  client.main.setEnv('TOKEN_FILE', EnvValue.secretFile(new Secret(application, 'token')));
  client.main.setEnv('KEY', EnvValue.secret(new Secret(application, 'key')));

  const echo = 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 5353)); [s.sendto(d, a) for d, a in iter(lambda: s.recvfrom(99), 0)]';
  const datagrams = new Workload(application, 'datagrams', {
    ...python, args: ['python', '-c', `import socket; ${echo}`], ports: [{ name: 'echo', number: 5353, protocol: Protocol.UDP }],
  });
  client.connectTo(datagrams.endpoint());

  const store = new Workload(application, 'store', { image: 'conduit-test/bare:1', ports: [{ name: 'http', number: 8080 }], stable: true, replicas: 2 });
  client.connectTo(store.memberEndpoint(1));

  const traveller = new Workload(application, 'traveller', idle);
  traveller.connectTo(Endpoint.outside('192.0.2.1', 80), { prefix: 'OUTSIDE' });
  return application;
}

describeLive('what the examples do not show', () => {
  let prepared: Prepared;
  let project: Project;
  beforeAll(async () => {
    prepared = prepareApplication(build());
    project = prepared.project;
    await project.up();
  });
  afterAll(() => prepared.remove());

  const run = (code: string, service = 'client') => project.exec(service, 'python', '-c', code);
  const tryRun = (code: string, service = 'client') => project.tryExec(service, 'python', '-c', code);
  const connect = (host: string, port: number) => `import socket; socket.create_connection(('${host}', ${port}), timeout=2); print('open')`;

  it('is understood by Compose as it stands', async () => {
    expect(await project.config()).toContain('services:');
  });

  it('checks health in an image with nothing in it, and finds both outcomes', async () => {
    expect((await project.inspect('bare')).State.Health?.Status).toBe('healthy');
    await eventually(async () => (await project.inspect('broken')).State.Health?.Status === 'unhealthy', { what: 'the broken server to be found out', timeoutMs: 90_000 });
  });

  it('starts a workload only after the task that it waits for', async () => {
    expect(await project.logs('client')).toContain('began with done');
  });

  it('gives a program its variables letter by letter', async () => {
    expect(await run("import os; print(os.environ['GREETING'])")).toBe('a $HOME $(HOSTNAME) $$ {{x}} "q"');
  });

  it('runs programs without root, privileges or a writable root', async () => {
    expect(await run("import os; print(os.getuid(), os.getgid(), open('/proc/self/status').read().split('CapEff:')[1].split()[0])"))
      .toBe('10001 10001 0000000000000000');
    expect((await tryRun("open('/new', 'w')")).stderr).toContain('Read-only file system');
    expect(await run("open('/scratch/new', 'w'); print('written')")).toBe('written');
  });

  it('hands over a secret as a file that nobody can find elsewhere', async () => {
    const value = readFileSync(join(prepared.directory, 'secrets', 'token'), 'utf8');
    expect(await run("import os; print(open(os.environ['TOKEN_FILE']).read())")).toBe(value);
    expect(JSON.stringify(await project.inspect('client'))).not.toContain(value);
  });

  it('hands over a secret as a variable only where that was asked for', async () => {
    const value = readFileSync(join(prepared.directory, 'secrets', 'key'), 'utf8');
    expect(await run("import os; print(os.environ['KEY'])")).toBe(value);
    expect(readFileSync(join(prepared.directory, 'compose.yml'), 'utf8')).not.toContain(value);
  });

  it('carries datagrams', async () => {
    const echoed = await run("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(5); s.sendto(b'ping', ('datagrams', 5353)); print(s.recv(9).decode())");
    expect(echoed).toBe('ping');
  });

  it.each(['store', 'store-0', 'store-1', 'store-0.store', 'store-1.store'])('finds a stable workload as %s', async name => {
    expect(await run(connect(name, 8080))).toBe('open');
  });

  it('opens the way outside for whoever declared it, and for nobody else', async () => {
    expect((await tryRun(connect('192.0.2.1', 80))).stderr).toContain('unreachable');
    expect((await tryRun(connect('192.0.2.1', 80), 'traveller')).stderr).not.toContain('unreachable');
    expect((await tryRun(connect('bare', 8080), 'traveller')).stderr).toContain('gaierror');
  });

  it('restarts what mounts a config file when its content changes, and nothing else', async () => {
    const before = await Promise.all(['client', 'bare'].map(service => project.inspect(service)));
    new ComposeProject(build('goodbye'), { directory: prepared.directory }).save();
    await project.up();
    const after = await Promise.all(['client', 'bare'].map(service => project.inspect(service)));
    expect(await run("print(open('/etc/app/greeting.txt').read())")).toBe('goodbye');
    expect(after[0].Id).not.toBe(before[0].Id);
    expect(after[1].Id).toBe(before[1].Id);
  });

  it('does nothing when the same project is brought up again', async () => {
    const ids = async () => Promise.all(['client', 'bare', 'datagrams', 'traveller'].map(async service => (await project.inspect(service)).Id));
    const before = await ids();
    await project.up();
    expect(await ids()).toEqual(before);
  });

  it('refuses to start without its secrets', async () => {
    const file = join(prepared.directory, '.env');
    const variables = readFileSync(file, 'utf8');
    writeFileSync(file, '');
    await expect(project.up()).rejects.toThrow(/run 'conduit secrets'/);
    writeFileSync(file, variables);
  });
});
