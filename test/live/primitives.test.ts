import { Application, ConfigFile, Endpoint, EnvValue, HealthCheck, Protocol, Secret, SharedVolume, Task, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { BARE } from './bare';
import { CLOSED, Deployment, Outside } from './deployment';
import { describeLive } from './describe-live';

jest.setTimeout(240_000);

const python = { image: 'python:3.13-slim' };
const idle = { ...python, args: ['python', '-c', 'import signal; signal.pause()'] };

/** One application with everything that the examples do not show. */
function build(outside: Outside, greeting = 'hello'): Application {
  const application = new Application('primitives');

  // nothing is in this image but one static server: neither shell nor wget
  const bare = new Workload(application, 'bare', {
    ...BARE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/'),
  });
  const broken = new Workload(application, 'broken', {
    ...BARE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/missing', { failureThreshold: 1, startPeriod: Duration.seconds(1) }),
  });

  const results = new SharedVolume(application, 'results', { persistent: true });
  const migration = new Task(application, 'migration', {
    ...python,
    args: ['python', '-c', "import time; time.sleep(2); open('/out/done', 'w').write('done')"],
    completionCheck: ['python', '-c', "assert open('/in/done').read() == 'done'"],
  });
  results.grantWrite(migration, '/out');

  const keeper = new Workload(application, 'keeper', { ...idle, uid: 70, gid: 70 });
  new SharedVolume(application, 'kept', { persistent: true }).grantWrite(keeper, '/kept');

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
  const key = EnvValue.secret(new Secret(application, 'key'));
  client.main.setEnv('KEY', key);
  client.main.setEnv('DSN', EnvValue.template('tcp://$me:{key}@${{x}}$(y)$$(KEY)/{{a}}$', { key }));

  const echo = 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 5353)); [s.sendto(d, a) for d, a in iter(lambda: s.recvfrom(99), 0)]';
  const datagrams = new Workload(application, 'datagrams', {
    ...python, args: ['python', '-c', `import socket; ${echo}`], ports: [{ name: 'echo', number: 5353, protocol: Protocol.UDP }],
  });
  client.connectTo(datagrams.endpoint());

  const store = new Workload(application, 'store', { ...BARE, ports: [{ name: 'http', number: 8080 }], stable: true, replicas: 2 });
  client.connectTo(store.memberEndpoint(1));

  // where nothing is that the check of the task calls
  const elsewhere = new Workload(application, 'elsewhere', {
    ...python, args: ['/usr/local/bin/python', '-uc', "import os, signal; print('found', *os.listdir('/in')); signal.pause()"], env: { PATH: EnvValue.literal('/venv/bin') },
  });
  results.grantRead(elsewhere, '/in');
  elsewhere.waitFor(migration);

  const traveller = new Workload(application, 'traveller', idle);
  traveller.connectTo(Endpoint.external(outside.address, outside.port), { prefix: 'OUTSIDE' });
  return application;
}

describeLive('what the examples do not show', engine => {
  const except = ['broken'];
  let outside: Outside;
  let deployment: Deployment;
  beforeAll(async () => {
    outside = await engine.outside();
    deployment = engine.application(build(outside));
    await deployment.start({ except });
  });
  afterAll(() => outside.close());
  afterAll(() => deployment.remove());

  const run = (code: string, workload = 'client') => deployment.exec(workload, 'python', '-c', code);
  const tryRun = (code: string, workload = 'client') => deployment.tryExec(workload, 'python', '-c', code);
  const connect = (host: string, port: number) => `import socket; socket.create_connection(('${host}', ${port}), timeout=2); print('open')`;

  it('checks health in an image with nothing in it, and finds both outcomes', async () => {
    expect((await deployment.replicas('bare'))[0].healthy).toBe(true);
    expect((await deployment.replicas('broken'))[0].healthy).toBe(false);
  });

  it('starts a workload only after the task that it waits for', async () => {
    expect(await deployment.logs('client')).toContainEqual(expect.objectContaining({ text: 'began with done' }));
  });

  it('finds that a task has done its work whatever the variables of who waits for it are', async () => {
    expect(await deployment.logs('elsewhere')).toContainEqual(expect.objectContaining({ text: 'found done' }));
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

  it('hands over a secret as a file, or as a variable where that was asked for', async () => {
    expect(await run("import os; print(open(os.environ['TOKEN_FILE']).read())")).toBe(deployment.secrets.token);
    expect(await run("import os; print(os.environ['KEY'])")).toBe(deployment.secrets.key);
    expect(await run("import os; print(os.environ['DSN'])")).toBe(`tcp://$me:${deployment.secrets.key}@\${x}$(y)$$(KEY)/{a}$`);
  });

  it('shows nobody else what is in a secret that is a file', async () => {
    expect(await deployment.visible()).not.toContain(deployment.secrets.token);
  });

  it('gives a directory of a volume to its writer, who may close it to others', async () => {
    const modeOf = "import os; s = os.stat('/kept'); print(s.st_uid, s.st_gid, oct(s.st_mode)[-4:], os.listdir('/kept'))";
    expect(await deployment.exec('keeper', 'python', '-c', modeOf)).toBe('70 10001 2775 []');
    expect(await deployment.exec('keeper', 'python', '-c', `import os; os.chmod('/kept', 0o700); ${modeOf}`)).toMatch(/^70 10001 [02]700 \[\]$/);
  });

  it('carries datagrams', async () => {
    const echoed = await run("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(5); s.sendto(b'ping', ('datagrams', 5353)); print(s.recv(9).decode())");
    expect(echoed).toBe('ping');
  });

  it.each(['store', 'store-0', 'store-1', 'store-0.store', 'store-1.store'])('finds a stable workload as %s', async name => {
    expect(await run(connect(name, 8080))).toBe('open');
  });

  it('opens the way outside for whoever declared it, and for nobody else', async () => {
    expect(await run(connect(outside.address, outside.port), 'traveller')).toBe('open');
    expect((await tryRun(connect(outside.address, outside.port))).stderr).toMatch(CLOSED);
    expect((await tryRun(connect('bare', 8080), 'traveller')).stderr).toMatch(CLOSED);
  });

  it('restarts what mounts a config file when its content changes, and nothing else', async () => {
    const ids = () => Promise.all(['client', 'bare'].map(async workload => (await deployment.replicas(workload))[0].id));
    const before = await ids();
    await deployment.update(build(outside, 'goodbye'), { except });
    const after = await ids();
    expect(await run("print(open('/etc/app/greeting.txt').read())")).toBe('goodbye');
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it('changes nothing when what runs is started again', async () => {
    const ids = () => Promise.all(['client', 'bare', 'datagrams', 'traveller'].map(async workload => (await deployment.replicas(workload))[0].id));
    const before = await ids();
    await deployment.start({ except });
    expect(await ids()).toEqual(before);
  });
});
