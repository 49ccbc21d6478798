import { Size, Duration } from 'cdk8s';
import { IMAGE, one, shows, Statements } from './programs';
import { ConfigFile } from '../../../model/config-file';
import { Protocol } from '../../../model/endpoint';
import { EnvValue, PlatformValue } from '../../../model/env-value';
import { HealthCheck, HealthCheckKind, HealthCheckOptions } from '../../../model/health-check';
import { Privileges } from '../../../model/privileges';
import { Secret } from '../../../model/secret';
import { Task } from '../../../model/task';
import { RestartPolicy } from '../../../model/workload';

/** Texts that some target would expand, split or take for something other than a text. */
const TEXTS = ['$', '$$', '$HOME', '${HOME}', '$(HOME)', '$$(HOME)', 'a b', '"\'\\', 'on', '007', 'two\nlines', ''];
const OPTIONS: HealthCheckOptions = { interval: Duration.seconds(7), timeout: Duration.seconds(2), failureThreshold: 4 };
const TIMING = { intervalSeconds: 7, timeoutSeconds: 2, failures: 4 };

/** Workload, container, config file and secret: what the program finds. */
export const containerStatements: Statements = {
  'a container runs its image': (view, must) => {
    must.equal(shows(view, { image: 'example.test:5000/a/b:1.2.3' }).image, 'example.test:5000/a/b:1.2.3');
  },
  'the image\'s own command and arguments stay when none are given': (view, must) => {
    must.fields(shows(view, {}), { command: undefined, args: undefined });
  },
  'command and arguments arrive word by word, unchanged': (view, must) => {
    must.fields(shows(view, { command: ['run', ...TEXTS], args: TEXTS }), { command: ['run', ...TEXTS], args: TEXTS });
  },
  'variables arrive unchanged': (view, must) => {
    const env = Object.fromEntries(TEXTS.map((text, index) => [`V${index}`, text]));
    must.equal(shows(view, { env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, EnvValue.literal(text)])) }).env, env);
  },
  'a container runs as its user and group': (view, must) => {
    must.fields(shows(view, { uid: 101, gid: 102 }), { uid: 101, gid: 102 });
    must.fields(shows(view, {}), { uid: 10001, gid: 10001 });
  },
  'a container cannot write to its own files, and has no privilege': (view, must) => {
    must.fields(shows(view, {}), { readOnlyRoot: true, privileged: false, writablePaths: [] });
  },
  'a container that must start as root does, and still cannot write to its own files': (view, must) => {
    const privileges = Privileges.rootThenDrop({ reason: 'it gives its files away' });
    must.fields(shows(view, { privileges, uid: 101, gid: 102 }), { uid: 0, gid: 0, readOnlyRoot: true, privileged: true });
  },
  'a container may write to its writable paths': (view, must) => {
    must.equal(shows(view, { writablePaths: ['/var/cache', '/tmp'] }).writablePaths, ['/tmp', '/var/cache']);
  },
  'processors and memory are limited, and memory is reserved': (view, must) => {
    const resources = { cpuRequest: 0.25, cpuLimit: 1.5, memoryRequest: Size.mebibytes(128), memoryLimit: Size.mebibytes(512) };
    must.fields(shows(view, { resources }).resources, { cpuLimit: 1.5, memoryLimit: 512, memoryRequest: 128 });
    must.equal(shows(view, { resources: { cpuUnlimited: true } }).resources.cpuLimit, undefined);
  },
  'processors are reserved and disk space is limited': (view, must) => {
    must.fields(shows(view, { resources: { cpuRequest: 0.25, diskLimit: Size.mebibytes(300) } }).resources, { cpuRequest: 0.25, diskLimit: 300 });
  },
  'a command tells the health of a container': (view, must) => {
    must.equal(shows(view, { health: HealthCheck.command(['check', ...TEXTS], OPTIONS) }).health, { kind: HealthCheckKind.COMMAND, words: ['check', ...TEXTS], ...TIMING });
  },
  'an HTTP request tells the health of a container': (view, must) => {
    const ports = [{ name: 'http', number: 8080 }];
    must.equal(shows(view, { ports, health: HealthCheck.http(8080, '/up?$x=1', OPTIONS) }).health, { kind: HealthCheckKind.HTTP, port: 8080, path: '/up?$x=1', ...TIMING });
  },
  'a TCP connection tells the health of a container, by itself for the first TCP port': (view, must) => {
    const ports = [{ name: 'dns', number: 53, protocol: Protocol.UDP }, { name: 'one', number: 1111 }, { name: 'two', number: 2222 }];
    must.equal(shows(view, { ports, health: HealthCheck.tcp(2222, OPTIONS) }).health, { kind: HealthCheckKind.TCP, port: 2222, ...TIMING });
    must.fields(shows(view, { ports }).health, { kind: HealthCheckKind.TCP, port: 1111 });
    must.equal(shows(view, { ports: ports.slice(0, 1) }).health, undefined);
  },
  'a program is asked to end by its signal, and given its time': (view, must) => {
    must.fields(shows(view, { stopSignal: 'SIGQUIT', stopGracePeriod: Duration.minutes(2) }), { stopSignal: 'SIGQUIT', stopSeconds: 120 });
    must.fields(shows(view, {}), { stopSignal: undefined, stopSeconds: 30 });
    const ports = [{ name: 'http', number: 8080 }];
    must.fields(shows(view, { ports, stopSignal: 'SIGQUIT' }), { stopSignal: 'SIGQUIT', stopSeconds: 30 });
    must.fields(shows(view, { ports }), { stopSignal: undefined, stopSeconds: 30 });
  },
  'a program that ends is started again': (view, must) => {
    must.equal(shows(view, {}).restart, RestartPolicy.ALWAYS);
  },
  'a program that ended well stays ended, if only failures count': (view, must) => {
    must.equal(shows(view, { restart: RestartPolicy.ON_FAILURE }).restart, RestartPolicy.ON_FAILURE);
  },
  'a workload has its replicas': (view, must) => {
    must.equal(view(one().application).replicas('a'), 1);
    must.equal(view(one({ replicas: 3 }).application).replicas('a'), 3);
    must.equal(view(one({ replicas: 3, stable: true }).application).replicas('a'), 3);
  },
  'a task runs until it succeeds, with its number of retries': (view, must) => {
    const { application } = one();
    new Task(application, 'job', { image: IMAGE, args: ['go'], retries: 2 });
    must.fields(view(application).container('job'), { args: ['go'], restart: RestartPolicy.ON_FAILURE, retries: 2 });
  },
  'a config file is at its path, with the target\'s own values, which a variable tells, too': (view, must) => {
    const { files, env } = shows(view, {}, (main, application) => {
      main.setEnv('SUFFIX', EnvValue.platform(PlatformValue.DNS_SUFFIX));
      main.mountConfigFile(new ConfigFile(application, 'plain', { path: '/etc/plain.conf', content: '$x ${y} $(z)\n' }));
      main.mountConfigFile(new ConfigFile(application, 'dns', { path: '/etc/dns.conf', content: `resolver ${ConfigFile.DNS_RESOLVER}; server a${ConfigFile.DNS_SUFFIX};` }));
    });
    must.equal(files['/etc/plain.conf'], '$x ${y} $(z)\n');
    must.equal(files['/etc/dns.conf'].split('server ')[1], `a${env.SUFFIX};`);
    must.true(/^resolver [\w.-]+; server a[\w.-]*;$/.test(files['/etc/dns.conf']), `got ${files['/etc/dns.conf']}`);
  },
  'a secret is a file whose path a variable tells': (view, must) => {
    const { secrets, env } = shows(view, {}, (main, application) => main.setEnv('KEY_FILE', EnvValue.secretFile(new Secret(application, 'key'))));
    must.equal(secrets, { '/run/secrets/key': 'key' });
    must.equal(env, { KEY_FILE: '/run/secrets/key' });
  },
  'a secret is the value of a variable, where a program takes nothing else': (view, must) => {
    const { secrets, env } = shows(view, {}, (main, application) => main.setEnv('KEY', EnvValue.secret(new Secret(application, 'key'))));
    must.equal({ secrets, env }, { secrets: {}, env: { KEY: 'secret:key' } });
  },
  'a secret stands in a text': (view, must) => {
    const { env } = shows(view, {}, (main, application) => {
      const key = EnvValue.secret(new Secret(application, 'key'));
      main.setEnv('DSN', EnvValue.template('tcp://$app:{key}@${{x}}$(y)/{{a}}$', { key }));
      main.setEnv('SAME', EnvValue.template('{key}$(z){key}', { key }));
    });
    must.equal(env, { DSN: 'tcp://$app:secret:key@${x}$(y)/{a}$', SAME: 'secret:key$(z)secret:key' });
  },
};
