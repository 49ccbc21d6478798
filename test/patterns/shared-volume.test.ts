import { Application, Seed, SharedVolume, SharedVolumeProps, SidecarPair, Volume, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0', ...props });
const logs = (props: SharedVolumeProps = {}) => new SharedVolume(shop, 'logs', props);

/** Where a container sees volumes, on both targets; what the library adds for itself is left out. */
function mounts(both: Both, name: string, service = name, container = name) {
  return {
    kubernetes: (both.container(name, container).volumeMounts ?? [])
      .map(({ mountPath, subPath, readOnly }: any) => [mountPath, subPath.replace(/^data\/?/, ''), readOnly ? 'reads' : 'writes'].join(' ')),
    compose: (both.service(service).volumes ?? []).filter(({ source }: any) => source !== 'conduit-tools')
      .map(({ target, volume, read_only }: any) => [target, volume.subpath ?? '', read_only ? 'reads' : 'writes'].join(' ')),
  };
}
const onBoth = (...lines: string[]) => ({ kubernetes: lines, compose: lines });

test('one writes and others read', () => {
  const volume = logs();
  volume.grantWrite(workload('web'), '/var/log/web');
  volume.grantRead(workload('shipper'), '/logs');
  const both = new Both(shop);
  expect(mounts(both, 'web')).toEqual(onBoth('/var/log/web  writes'));
  expect(mounts(both, 'shipper')).toEqual(onBoth('/logs  reads'));
  expect(both.find('PersistentVolumeClaim', 'logs').spec.accessModes).toEqual(['ReadWriteOnce']);
});

test('within one workload it is scratch space', () => {
  const web = workload('web', { replicas: 2 });
  const shipper = web.addSidecar('shipper', { image: 'registry.example/acme/shipper:1.0' });
  const volume = logs();
  volume.grantWrite(web, '/var/log');
  volume.grantRead(shipper, '/logs');
  const both = new Both(shop);
  expect(both.pod('web').volumes).toEqual([{ name: 'volume-logs', emptyDir: { sizeLimit: '1Gi' } }]);
  expect(mounts(both, 'web', 'web_2_shipper', 'shipper')).toEqual(onBoth('/logs  reads'));
  expect(both.service('web_2_main').volumes[0].source).toBe('logs_2');
});

test('each writer can have a directory of its own, and a reader sees them all', () => {
  const volume = logs({ directoryPerWriter: true });
  volume.grantWrite(workload('web'), '/var/log');
  volume.grantWrite(workload('api'), '/var/log', { directory: 'back/end' });
  volume.grantRead(workload('shipper'), '/logs');
  volume.grantRead(workload('auditor'), '/logs', { directory: 'web' });
  const both = new Both(shop);
  expect(mounts(both, 'web')).toEqual(onBoth('/var/log web writes'));
  expect(mounts(both, 'api')).toEqual(onBoth('/var/log back/end writes'));
  expect(mounts(both, 'shipper')).toEqual(onBoth('/logs  reads'));
  expect(mounts(both, 'auditor')).toEqual(onBoth('/logs web reads'));
});

test('programs that are made for it may write to the same directory', () => {
  const volume = logs({ concurrentWriters: true, sharedStorageClass: 'nfs' });
  volume.grantWrite(workload('web', { replicas: 2 }), '/data');
  volume.grantWrite(workload('api'), '/data');
  const both = new Both(shop);
  expect([mounts(both, 'web'), mounts(both, 'api')]).toEqual([onBoth('/data  writes'), onBoth('/data  writes')]);
  expect(both.find('PersistentVolumeClaim', 'logs').spec.accessModes).toEqual(['ReadWriteMany']);
});

test('size and class of the storage are passed on', () => {
  const volume = logs({ size: Size.gibibytes(5), storageClass: 'fast' });
  volume.grantWrite(workload('web'), '/data');
  expect(new Both(shop).find('PersistentVolumeClaim', 'logs').spec).toMatchObject({ storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } });
});

test('both containers of a pair, or one of them, can be granted', () => {
  const pair = new SidecarPair(shop, 'web', { main: { image: 'registry.example/acme/app:1.0' }, sidecar: { image: 'registry.example/acme/shipper:1.0' } });
  const volume = logs();
  volume.grantWrite(pair, '/data');
  volume.grantRead(pair.sidecar, '/data');
  const both = new Both(shop);
  expect(mounts(both, 'web', 'web_main')).toEqual(onBoth('/data  writes'));
  expect(mounts(both, 'web', 'web_sidecar', 'sidecar')).toEqual(onBoth('/data  reads'));
});

test('files are there for every reader, each at its path', () => {
  const volume = logs({ files: { 'b.conf': 'b\n', 'sub/a.conf': 'a\n' } });
  volume.grantRead(workload('web'), '/etc/app');
  volume.grantRead(workload('api'), '/etc/app');
  volume.grantRead(workload('job'), '/config');
  const both = new Both(shop);
  const seen = (name: string, path: 'mountPath' | 'target') => (path === 'target' ? both.service(name).configs : both.container(name).volumeMounts)
    .map((mount: any) => mount[path]);
  for (const path of ['mountPath', 'target'] as const) {
    expect(seen('web', path)).toEqual(['/etc/app/b.conf', '/etc/app/sub/a.conf']);
    expect(seen('api', path)).toEqual(['/etc/app/b.conf', '/etc/app/sub/a.conf']);
    expect(seen('job', path)).toEqual(['/config/b.conf', '/config/sub/a.conf']);
  }
  expect(both.names('ConfigMap').map(name => both.find('ConfigMap', name).data.content)).toEqual(['b\n', 'a\n', 'b\n', 'a\n']);
  expect(both.names('PersistentVolumeClaim')).toEqual([]);
});

test('a seed fills a copy for each reader before its containers start', () => {
  const volume = new SharedVolume(shop, 'site', { seed: Seed.fromImage('registry.example/acme/site:1.0', '/html'), size: Size.mebibytes(64) });
  volume.grantRead(workload('web', { uid: 101 }), '/usr/share/html', { directory: 'en' });
  volume.grantRead(workload('api'), '/html');
  const both = new Both(shop);
  expect(both.containerNames('web')).toEqual({ init: ['conduit-volumes-10001', 'site'], running: ['web'] });
  expect(both.container('web', 'site')).toMatchObject({ image: 'registry.example/acme/site:1.0', command: ['cp', '-R', '/html/.', '/seed'] });
  expect(both.service('web_site')).toMatchObject({ image: 'registry.example/acme/site:1.0', entrypoint: ['cp', '-R', '/html/.', '/seed'] });
  expect(mounts(both, 'web', 'web_site', 'site')).toEqual(onBoth('/seed  writes'));
  expect(mounts(both, 'web')).toEqual(onBoth('/usr/share/html en reads'));
  expect(both.service('web').depends_on.web_site).toEqual({ condition: 'service_completed_successfully' });
  expect(both.pod('web').volumes).toEqual([{ name: 'volume-site-web', emptyDir: { sizeLimit: '64Mi' } }]);
  expect(both.pod('api').volumes).toEqual([{ name: 'volume-site-api', emptyDir: { sizeLimit: '64Mi' } }]);
});

test('replicas on one machine share what a seed made, since none of them writes', () => {
  logs({ seed: Seed.fromImage('registry.example/acme/site:1.0', '/html') }).grantRead(workload('web', { replicas: 2 }), '/html');
  const both = new Both(shop);
  expect(both.pod('web').volumes[0].emptyDir).toEqual({ sizeLimit: '1Gi' });
  expect(Object.keys(both.compose.services)).toEqual(['conduit-setup', 'web', 'web_logs']);
  expect(both.service('web').deploy.replicas).toBe(2);
  expect(both.service('web_logs').deploy).not.toHaveProperty('replicas');
});

test('two containers of one workload share what the seed made', () => {
  const web = workload('web');
  const volume = logs({ seed: Seed.fromBuilder({ image: 'registry.example/acme/build:1.0', args: ['build'] }, '/out') });
  volume.grantRead(web, '/site');
  volume.grantRead(web.addSidecar('proxy', { image: 'registry.example/acme/proxy:1.0' }), '/static');
  const both = new Both(shop);
  expect(both.containerNames('web').init).toEqual(['conduit-volumes-10001', 'logs', 'proxy']);
  expect(both.container('web', 'logs')).toMatchObject({ args: ['build'], volumeMounts: [{ name: 'volume-logs-web', mountPath: '/out', subPath: 'data' }] });
  expect(mounts(both, 'web', 'web_main')).toEqual(onBoth('/site  reads'));
  expect(mounts(both, 'web', 'web_proxy', 'proxy')).toEqual(onBoth('/static  reads'));
});

test('the order of grants does not matter', () => {
  const outputs = [['web', 'shipper'], ['shipper', 'web']].map(order => {
    shop = new Application('shop');
    const volume = logs();
    for (const id of order) {
      if (id === 'web') volume.grantWrite(workload(id), '/data');
      else volume.grantRead(workload(id), '/data');
    }
    const both = new Both(shop);
    return JSON.stringify([both.objects, both.compose]);
  });
  expect(outputs[0]).toBe(outputs[1]);
});

test('its volume bears its name', () => {
  const volume = logs();
  volume.grantWrite(workload('web'), '/data');
  expect((volume.node.defaultChild as Volume).name).toBe('logs');
});
