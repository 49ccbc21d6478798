import { Application, ConfigFile, EnvValue, HealthCheck, Secret, Task, Volume, Workload } from 'cdk8s-conduit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { attempt, command, commandJson, Outcome } from '../command';
import type { Compose, ComposeDeployment } from '../compose';
import { describeLive } from '../describe-live';

jest.setTimeout(300_000);

const IMAGE = 'busybox:1.37.0-musl';
const idle = { image: IMAGE, args: ['sleep', 'infinity'] };

describeLive<Compose>('a Compose project in daily use', engine => {
  let application: Application;
  let deployment: ComposeDeployment;
  beforeEach(() => { application = new Application('daily'); });
  afterEach(() => deployment.remove());

  let calm: ComposeDeployment | undefined;
  let calmEnd: Promise<Outcome>;
  beforeAll(() => {
    const other = new Application('calm');
    new Workload(other, 'web', idle).main.mountVolume(new Volume(other, 'data'), '/data');
    calm = engine.application(other);
    // goes on for as long as the slow start of another one takes, so it does so beside
    calmEnd = attempt('timeout', ['70', 'docker', ...calm.words('up', '--abort-on-container-exit')], { timeoutMs: 120_000 });
    calmEnd.catch(() => {}); // is told by the test that waits for it
  });
  afterAll(() => calm?.remove());

  it('is up for `up --wait` when all is healthy, after a start of more than a minute and with tasks that nobody waits for', async () => {
    const data = new Volume(application, 'data');
    const slow = new Workload(application, 'slow', {
      image: IMAGE, args: ['sh', '-c', 'sleep 70; exec nc -lk -p 8080 -e true'], ports: [{ name: 'p', number: 8080 }], health: HealthCheck.tcp(8080, { startPeriod: Duration.minutes(3) }),
    });
    slow.main.mountVolume(data, '/data');
    slow.addInitContainer('first', { image: IMAGE, args: ['true'] });
    new Task(application, 'alone', { image: IMAGE, args: ['sleep', '2'] });
    new Workload(application, 'client', idle).connectTo(slow.endpoint());
    deployment = engine.application(application);
    expect(await deployment.up('-d', '--wait')).toMatchObject({ code: 0 });
    expect(await deployment.up('-d', '--wait')).toMatchObject({ code: 0 });
  });

  it('fails for `up --wait` when a task fails', async () => {
    new Task(application, 'alone', { image: IMAGE, args: ['false'], retries: 0 });
    deployment = engine.application(application);
    const { code, stderr } = await deployment.up('-d', '--wait');
    expect([code, stderr]).toEqual([1, expect.stringContaining('service "alone" didn\'t complete successfully: exit 1')]);
  });

  it('goes on under `--abort-on-container-exit` as long as no program ends', async () => {
    [deployment, calm] = [calm!, undefined];
    expect(await calmEnd).toMatchObject({ code: 124 });
  });

  it('starts one service of several with an image that is built here, and asks nobody else for it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'conduit-build-'));
    const image = `conduit-test/built-${process.pid}:1`;
    try {
      writeFileSync(join(directory, 'Dockerfile'), `FROM ${IMAGE}\nRUN echo built > /built\n`);
      for (const id of ['a', 'b']) new Workload(application, id, { image, args: ['sleep', 'infinity'], buildContext: { directory } });
      deployment = engine.application(application);
      const { code, stderr } = await deployment.up('-d', 'b');
      expect([code, stderr.includes('Pulling')]).toEqual([0, false]);
      expect(await deployment.exec('b', 'cat', '/built')).toBe('built');
      expect(await deployment.up('-d', '--build', 'b')).toMatchObject({ code: 0 });
      expect((await deployment.replicas('a')).length).toBe(0);
      await deployment.start();
      expect(await deployment.exec('a', 'cat', '/built')).toBe('built');
    } finally {
      await attempt('docker', deployment.words('down', '-t', '1'));
      await attempt('docker', ['image', 'rm', image]);
      rmSync(directory, { recursive: true });
    }
  });

  it('can be read by programs of every user, whatever the umask of who wrote it', async () => {
    const web = new Workload(application, 'web', { ...idle, uid: 12345, gid: 12345 });
    web.main.mountConfigFile(new ConfigFile(application, 'note', { path: '/etc/note', content: 'a note' }));
    web.main.mountSecret(new Secret(application, 'key'));
    const umask = process.umask(0o077);
    try {
      deployment = engine.application(application);
    } finally {
      process.umask(umask);
    }
    await deployment.start();
    expect(await deployment.exec('web', 'cat', '/etc/note')).toBe('a note');
    expect(await deployment.exec('web', 'cat', '/run/secrets/key')).toBe(deployment.secrets.key);
  });

  it('hands every value of a secret to a variable as it is, whatever the variables of the shell are', async () => {
    const values = { 'user': 'mine', 'path': '$HOME ${PATH} $$', 'compose-file': '\\ " \' ` \\" \\n #x', 'home': 'first line\nsecond line', 'docker-host': 'é𝄞\\' };
    const web = new Workload(application, 'web', idle);
    for (const name of Object.keys(values)) web.main.setEnv(`V_${name.replace('-', '_')}`, EnvValue.secret(new Secret(application, name, { existing: true })));
    deployment = engine.application(application, values);
    await deployment.start();
    for (const [name, value] of Object.entries(values)) expect(await deployment.exec('web', 'printenv', `V_${name.replace('-', '_')}`)).toBe(value);
  });

  it('gives each directory of a volume to its writer, and is not led elsewhere by what a writer leaves there', async () => {
    const [data, other] = ['data', 'other'].map(id => new Volume(application, id, { persistent: true }));
    const writer = new Workload(application, 'writer', { ...idle, uid: 1000 });
    writer.main.mountVolume(data, '/data');
    new Workload(application, 'owner', { ...idle, uid: 2000 }).main.mountVolume(other, '/other');
    deployment = engine.application(application);
    await deployment.start();
    expect(await deployment.exec('writer', 'stat', '-c', '%u:%g %a', '/data')).toBe('1000:10001 2775');
    await deployment.exec('writer', 'ln', '-s', '/volumes/other/made', '/data/sub');
    await deployment.exec('writer', 'ln', '-s', '/volumes/other', '/data/way');

    const next = new Application('daily');
    const [again, others] = ['data', 'other'].map(id => new Volume(next, id, { persistent: true }));
    new Workload(next, 'writer', { ...idle, uid: 1000 }).main.mountVolume(again, '/data');
    new Workload(next, 'owner', { ...idle, uid: 2000 }).main.mountVolume(others, '/other');
    new Workload(next, 'reader', { ...idle, uid: 3000 }).main.mountVolume(again, '/sub', { subdirectory: 'sub' });
    new Workload(next, 'second', { ...idle, uid: 3000 }).main.mountVolume(again, '/deep', { subdirectory: 'way/deep' });
    new Workload(next, 'third', { ...idle, uid: 4000 }).main.mountVolume(others, '/own', { subdirectory: 'a/own' });
    deployment.output.write(next, 'any');
    await deployment.up('-d');
    expect(await deployment.exec('owner', 'ls', '/other')).toBe('a');
    expect(await deployment.exec('third', 'stat', '-c', '%u:%g %a', '/own')).toBe('4000:10001 2775');
  });

  it('limits logs, processes and the time of processors, also of more processors than there are', async () => {
    new Workload(application, 'web', { ...idle, resources: { cpuLimit: 500 } });
    deployment = engine.application(application);
    await deployment.start();
    const { Id } = await deployment.inspect('web');
    const [{ HostConfig: { LogConfig, PidsLimit, CpuQuota, CpuPeriod } }] = await commandJson('docker', ['inspect', Id]);
    expect([LogConfig.Config, PidsLimit, CpuQuota / CpuPeriod]).toEqual([{ 'max-size': '10m', 'max-file': '3' }, 4096, 500]);
    expect(await command('docker', ['exec', Id, 'sh', '-c', 'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true'])).toBe('4096');
  });
});
