import { Application, ContainerProps, EnvValue, Volume, Workload } from 'cdk8s-conduit';
import { resolve } from 'path';
import { Size } from 'cdk8s';
import { Both } from '../targets/both';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

function lower(props: Partial<ContainerProps> = {}): Both {
  new Workload(shop, 'web', { image: IMAGE, ...props });
  return new Both(shop);
}

test('a container is confined as far as each target can', () => {
  const both = lower();
  expect(both.container('web').securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    privileged: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(both.pod('web')).toMatchObject({
    serviceAccountName: 'shop',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(both.find('ServiceAccount', 'shop').automountServiceAccountToken).toBe(false);
  expect(both.service('web')).toEqual({
    image: IMAGE,
    user: '10001:10001',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: true,
    network_mode: 'none',
    restart: 'unless-stopped',
    stop_grace_period: '30s',
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    cpu_period: 100_000,
    cpu_quota: 100_000,
    deploy: { resources: { limits: { memory: '256M', pids: 4096 }, reservations: { cpus: '0.05', memory: '64M' } } },
  });
});

test('every container is confined alike, those that the library adds included', () => {
  const web = new Workload(shop, 'web', { image: IMAGE, uid: 101, gid: 102 });
  web.addInitContainer('prepare', { image: IMAGE });
  web.addSidecar('proxy', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
  new Workload(shop, 'client', { image: IMAGE }).connectTo(web.endpoint());
  const both = new Both(shop);
  const contexts = ['web', 'client'].flatMap(name => [...both.pod(name).initContainers ?? [], ...both.pod(name).containers])
    .map(({ name, securityContext: { runAsUser, runAsGroup, ...rest } }) => ({ name, ids: `${runAsUser}:${runAsGroup}`, rest }));
  expect(contexts.map(({ name, ids }) => [name, ids])).toEqual([
    ['prepare', '10001:10001'], ['proxy', '10001:10001'], ['web', '101:102'], ['conduit-wait', '65534:65534'], ['client', '10001:10001'],
  ]);
  expect(new Set(contexts.map(({ rest }) => JSON.stringify(rest))).size).toBe(1);
  for (const service of Object.values<any>(both.compose.services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.privileged).toBeUndefined();
  }
  // the one service of root has nothing to lose: no network, no privilege but to give volumes away
  const roots = Object.entries<any>(both.compose.services).filter(([, service]) => service.user.startsWith('0:'));
  expect(roots.map(([name, { network_mode, cap_add }]) => [name, network_mode, cap_add])).toEqual([['conduit-setup', 'none', ['CHOWN']]]);
});

test('command replaces the entry point and args are what it is given', () => {
  const both = lower({ command: ['/bin/tool', '--verbose'], args: ['serve', ''] });
  expect(both.container('web')).toMatchObject({ command: ['/bin/tool', '--verbose'], args: ['serve', ''] });
  expect(both.service('web')).toMatchObject({ entrypoint: ['/bin/tool', '--verbose'], command: ['serve', ''] });
});

test('args alone keep the entry point of the image', () => {
  const both = lower({ args: ['serve'] });
  expect(both.container('web').args).toEqual(['serve']);
  expect(both.container('web')).not.toHaveProperty('command');
  expect(both.service('web').command).toEqual(['serve']);
  expect(both.service('web')).not.toHaveProperty('entrypoint');
});

test('writable paths are empty directories that belong to the user', () => {
  const both = lower({ uid: 101, writablePaths: ['/var/cache', '/tmp', '/tmp'], resources: { diskLimit: Size.mebibytes(64) } });
  expect(both.container('web').volumeMounts).toEqual([
    { name: 'writable-main-0', mountPath: '/tmp' },
    { name: 'writable-main-1', mountPath: '/var/cache' },
  ]);
  expect(both.pod('web').volumes).toEqual([
    { name: 'writable-main-0', emptyDir: { sizeLimit: '64Mi' } },
    { name: 'writable-main-1', emptyDir: { sizeLimit: '64Mi' } },
  ]);
  expect(both.service('web').tmpfs).toEqual([
    '/tmp:uid=101,gid=10001,mode=0770,size=64m,exec',
    '/var/cache:uid=101,gid=10001,mode=0770,size=64m,exec',
  ]);
});

test('resources are requested and limited on both targets', () => {
  const both = lower({ resources: { cpuRequest: 0.25, cpuLimit: 2, memoryRequest: Size.mebibytes(100), memoryLimit: Size.gibibytes(1) } });
  expect(both.container('web').resources).toEqual({
    requests: { 'cpu': '250m', 'memory': '100Mi', 'ephemeral-storage': '16Mi' },
    limits: { 'cpu': '2', 'memory': '1Gi', 'ephemeral-storage': '512Mi' },
  });
  expect(both.service('web').deploy.resources).toEqual({
    reservations: { cpus: '0.25', memory: '100M' },
    limits: { memory: '1024M', pids: 4096 },
  });
  expect(both.service('web')).toMatchObject({ cpu_period: 100_000, cpu_quota: 200_000 });
});

test('no more disk space is requested than the limit allows', () => {
  const { requests, limits } = lower({ resources: { diskLimit: Size.mebibytes(8) } }).container('web').resources;
  expect([requests['ephemeral-storage'], limits['ephemeral-storage']]).toEqual(['8Mi', '8Mi']);
});

test.each([
  ['a request above the usual limit raises the limit', { cpuRequest: 3, memoryRequest: Size.mebibytes(512) },
    { cpuRequest: 3, cpuLimit: 3, memoryRequest: 512, memoryLimit: 512, diskLimit: 512 }],
  ['a limit below the usual request lowers the request', { cpuLimit: 0.01, memoryLimit: Size.mebibytes(16) },
    { cpuRequest: 0.01, cpuLimit: 0.01, memoryRequest: 16, memoryLimit: 16, diskLimit: 512 }],
])('%s', (_, resources, expected) => {
  expect(new Workload(shop, 'web', { image: IMAGE, resources }).main.resources).toEqual(expected);
});

test('the program is not the first process, which would ignore signals that it does not handle', () => {
  const both = lower();
  expect(both.pod('web').shareProcessNamespace).toBe(true);
  expect(both.service('web').init).toBe(true);
});

test('a stop signal is what the program gets on both targets', () => {
  const both = lower({ stopSignal: 'SIGQUIT' });
  expect(both.container('web').lifecycle.preStop.exec.command).toEqual(['sh', '-c', expect.stringMatching(/^PAUSE=0\nSIGNAL=QUIT\n/)]);
  expect(both.pod('web')).not.toHaveProperty('shareProcessNamespace'); // the hook looks for the program under number 1
  expect(both.service('web').stop_signal).toBe('SIGQUIT');
});

test('Compose builds from a build context, as seen from the project, and Kubernetes takes the image by its name', () => {
  new Workload(shop, 'web', { image: IMAGE, buildContext: { directory: 'programs/web', file: 'Containerfile' } });
  const both = new Both(shop, {}, { directory: resolve('out/compose') });
  expect(both.service('web')).toMatchObject({ image: IMAGE, build: { context: '../../programs/web', dockerfile: 'Containerfile' } });
  expect(both.container('web').image).toBe(IMAGE);
});

test.each([
  'nginx:1.27', 'localhost:5000/app:V1.0-RC', 'registry.example/acme/app:1.0', `nginx@sha256:${'0a'.repeat(32)}`, `nginx:latest@sha256:${'0a'.repeat(32)}`,
])('%s is the name of an image that stays the same', image => {
  const both = lower({ image });
  expect([both.container('web').image.replace('docker.io/library/', ''), both.service('web').image]).toEqual([image, image]);
});

test('what a container gives away are copies', () => {
  const { main } = new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }], writablePaths: ['/tmp'] });
  main.ports.pop();
  main.writablePaths.pop();
  main.env.A = EnvValue.literal('x');
  main.mounts.push({ container: main, volume: new Volume(shop, 'data'), path: '/data', readOnly: false });
  main.connections.length = 1;
  expect([main.ports.length, main.writablePaths, main.env, main.mounts, main.connections]).toEqual([1, ['/tmp'], {}, [], []]);
});

test('what is given to a container can change afterwards', () => {
  const words = ['serve'];
  const { main } = new Workload(shop, 'web', { image: IMAGE, args: words });
  words.push('--debug');
  expect(main.args).toEqual(['serve']);
});
