import { ConfigFile, EnvValue, HealthCheck, HealthCheckOptions, Secret, Task } from 'cdk8s-conduit';
import { Size, Duration } from 'cdk8s';
import type { Statements } from '../lowering.contract';
import { IMAGE, one, shows } from './programs';

/** Texts that some target would expand, split or take for something other than a text. */
const TEXTS = ['$', '$$', '$HOME', '${HOME}', '$(HOME)', '$$(HOME)', 'a b', '"\'\\', 'on', '007', 'two\nlines', ''];
const OPTIONS: HealthCheckOptions = { interval: Duration.seconds(7), timeout: Duration.seconds(2), failureThreshold: 4 };
const TIMING = { intervalSeconds: 7, timeoutSeconds: 2, failures: 4 };

/** Workload, container, config file and secret: what the program finds. */
export const containerStatements: Statements = {
  'a container runs its image': synth => {
    expect(shows(synth, { image: 'example.test:5000/a/b:1.2.3' }).image).toBe('example.test:5000/a/b:1.2.3');
  },
  'the image\'s own command and arguments stay when none are given': synth => {
    expect(shows(synth, {})).toMatchObject({ command: undefined, args: undefined });
  },
  'command and arguments arrive word by word, unchanged': synth => {
    expect(shows(synth, { command: ['run', ...TEXTS], args: TEXTS })).toMatchObject({ command: ['run', ...TEXTS], args: TEXTS });
  },
  'variables arrive unchanged': synth => {
    const env = Object.fromEntries(TEXTS.map((text, index) => [`V${index}`, text]));
    expect(shows(synth, { env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, EnvValue.literal(text)])) }).env).toEqual(env);
  },
  'a container runs as its user and group': synth => {
    expect(shows(synth, { user: 101, group: 102 }).user).toBe('101:102');
    expect(shows(synth, {}).user).toBe('10001:10001');
  },
  'a container cannot write to its own files, and has no privilege': synth => {
    expect(shows(synth, {})).toMatchObject({ readOnlyRoot: true, privileged: false, writablePaths: [] });
  },
  'a container may write to its writable paths': synth => {
    expect(shows(synth, { writablePaths: ['/var/cache', '/tmp'] }).writablePaths).toEqual(['/tmp', '/var/cache']);
  },
  'processors and memory are limited, and memory is reserved': synth => {
    const resources = { cpuRequest: 0.25, cpuLimit: 1.5, memoryRequest: Size.mebibytes(128), memoryLimit: Size.mebibytes(512) };
    expect(shows(synth, { resources }).resources).toMatchObject({ cpuLimit: 1.5, memoryLimit: 512, memoryRequest: 128 });
  },
  'processors are reserved and disk space is limited': synth => {
    expect(shows(synth, { resources: { cpuRequest: 0.25, diskLimit: Size.mebibytes(300) } }).resources).toMatchObject({ cpuRequest: 0.25, diskLimit: 300 });
  },
  'a command tells the health of a container': synth => {
    expect(shows(synth, { health: HealthCheck.command(['check', ...TEXTS], OPTIONS) }).health).toEqual({ kind: 'command', words: ['check', ...TEXTS], ...TIMING });
  },
  'an HTTP request tells the health of a container': synth => {
    const ports = [{ name: 'http', number: 8080 }];
    expect(shows(synth, { ports, health: HealthCheck.http(8080, '/up?$x=1', OPTIONS) }).health).toEqual({ kind: 'http', port: 8080, path: '/up?$x=1', ...TIMING });
  },
  'a TCP connection tells the health of a container, by itself for the first TCP port': synth => {
    const ports = [{ name: 'dns', number: 53, protocol: 'UDP' as any }, { name: 'one', number: 1111 }, { name: 'two', number: 2222 }];
    expect(shows(synth, { ports, health: HealthCheck.tcp(2222, OPTIONS) }).health).toEqual({ kind: 'tcp', port: 2222, ...TIMING });
    expect(shows(synth, { ports }).health).toMatchObject({ kind: 'tcp', port: 1111 });
    expect(shows(synth, { ports: ports.slice(0, 1) }).health).toBeUndefined();
  },
  'a program is asked to end by its signal, and given its time': synth => {
    expect(shows(synth, { stopSignal: 'SIGQUIT', stopGracePeriod: Duration.minutes(2) })).toMatchObject({ stopSignal: 'SIGQUIT', stopSeconds: 120 });
    expect(shows(synth, {})).toMatchObject({ stopSignal: undefined, stopSeconds: 30 });
    const ports = [{ name: 'http', number: 8080 }];
    expect(shows(synth, { ports, stopSignal: 'SIGQUIT' })).toMatchObject({ stopSignal: 'SIGQUIT', stopSeconds: 30 });
    expect(shows(synth, { ports })).toMatchObject({ stopSignal: undefined, stopSeconds: 30 });
  },
  'a program that ends is started again': synth => {
    expect(shows(synth, {}).restart).toBe('always');
  },
  'a program that ended well stays ended, if only failures count': synth => {
    expect(shows(synth, { restart: 'on-failure' as any }).restart).toBe('on-failure');
  },
  'a workload has its replicas': synth => {
    expect(synth(one().application).replicas('a')).toBe(1);
    expect(synth(one({ replicas: 3 }).application).replicas('a')).toBe(3);
    expect(synth(one({ replicas: 3, stable: true }).application).replicas('a')).toBe(3);
  },
  'a task runs until it succeeds, with its number of retries': synth => {
    const { application } = one();
    new Task(application, 'job', { image: IMAGE, args: ['go'], retries: 2 });
    expect(synth(application).container('job')).toMatchObject({ args: ['go'], restart: 'on-failure', retries: 2 });
  },
  'a config file is at its path, with the target\'s own values': synth => {
    const { files } = shows(synth, {}, (main, application) => {
      main.mountConfigFile(new ConfigFile(application, 'plain', { path: '/etc/plain.conf', content: '$x ${y} $(z)\n' }));
      main.mountConfigFile(new ConfigFile(application, 'dns', { path: '/etc/dns.conf', content: `resolver ${ConfigFile.DNS_RESOLVER}; server a${ConfigFile.DNS_SUFFIX};` }));
    });
    expect(files['/etc/plain.conf']).toBe('$x ${y} $(z)\n');
    expect(files['/etc/dns.conf']).toMatch(/^resolver [\w.-]+; server a[\w.-]*;$/);
  },
  'a secret is a file whose path a variable tells': synth => {
    const { secrets, env } = shows(synth, {}, (main, application) => main.setEnv('KEY_FILE', EnvValue.secretFile(new Secret(application, 'key'))));
    expect(secrets).toEqual({ '/run/secrets/key': 'key' });
    expect(env).toEqual({ KEY_FILE: '/run/secrets/key' });
  },
  'a secret is the value of a variable, where a program takes nothing else': synth => {
    const { secrets, env } = shows(synth, {}, (main, application) => main.setEnv('KEY', EnvValue.secret(new Secret(application, 'key'))));
    expect({ secrets, env }).toEqual({ secrets: {}, env: { KEY: 'secret:key' } });
  },
  'the same application gives the same output twice': synth => {
    const { application } = one({ replicas: 2, ports: [{ name: 'http', number: 80 }], writablePaths: ['/tmp'] });
    expect(synth(application).text).toBe(synth(application).text);
  },
};
