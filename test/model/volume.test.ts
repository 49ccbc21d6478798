import { Application, Task, Volume, VolumePlacement, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const workload = (id: string, props: Partial<WorkloadProps> = {}) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0', ...props });
/** Name of the volume that a pod has for `data`, and the field that says what it is. */
const podVolume = (both: Both, name: string) => both.pod(name).volumes.find((volume: any) => volume.name === 'volume-data');
const composeMount = (source: string, more = {}) => ({ type: 'volume', source, target: '/data', volume: { nocopy: true }, ...more });

test('with one user it is scratch space of each replica', () => {
  const data = new Volume(shop, 'data', { size: Size.mebibytes(64) });
  const { main } = workload('web', { replicas: 2 });
  main.mountVolume(data, '/data');
  expect(data.placement).toBe(VolumePlacement.SCRATCH);
  const both = new Both(shop);
  expect(podVolume(both, 'web')).toEqual({ name: 'volume-data', emptyDir: { sizeLimit: '64Mi' } });
  expect(both.names('PersistentVolumeClaim')).toEqual([]);
  expect(both.find('Deployment', 'web').spec.strategy.type).toBe('RollingUpdate');
  expect(both.service('web_1').volumes).toEqual([composeMount('data_1')]);
  expect(both.service('web_2').volumes).toEqual([composeMount('data_2')]);
  expect(Object.keys(both.compose.volumes)).toEqual(['data_1', 'data_2']);
});

test('with two users it persists, and keeps them on one machine', () => {
  const data = new Volume(shop, 'data', { storageClass: 'fast', size: Size.gibibytes(2) });
  workload('writer').main.mountVolume(data, '/data');
  workload('reader').main.mountVolume(data, '/data', { readOnly: true });
  expect(data.placement).toBe(VolumePlacement.ONE_MACHINE);
  const both = new Both(shop);
  expect(both.find('PersistentVolumeClaim', 'data').spec).toEqual({
    accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '2Gi' } },
  });
  for (const name of ['writer', 'reader']) {
    expect(podVolume(both, name)).toEqual({ name: 'volume-data', persistentVolumeClaim: { claimName: 'data' } });
    expect(both.find('Deployment', name).spec.strategy).toEqual({ type: 'Recreate' });
    expect(both.find('Deployment', name).spec.template.metadata.labels).toHaveProperty(['cdk8s-conduit/volume-data'], 'true');
    expect(both.pod(name).affinity).toEqual({
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { 'cdk8s-conduit/volume-data': 'true' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    });
  }
  expect(both.container('writer').volumeMounts).toEqual([{ name: 'volume-data', mountPath: '/data', subPath: 'data' }]);
  expect(both.container('reader').volumeMounts).toEqual([{ name: 'volume-data', mountPath: '/data', subPath: 'data', readOnly: true }]);
  expect(both.service('writer').volumes).toEqual([composeMount('data')]);
  expect(both.service('reader').volumes).toEqual([composeMount('data', { read_only: true })]);
});

test('alone on persistent storage a workload goes where it likes, one pod after the other', () => {
  workload('web').main.mountVolume(new Volume(shop, 'data', { persistent: true }), '/data');
  const both = new Both(shop);
  expect(both.find('PersistentVolumeClaim', 'data').spec.accessModes).toEqual(['ReadWriteOnce']);
  expect(both.find('PersistentVolumeClaim', 'data').spec).not.toHaveProperty('storageClassName');
  expect(both.find('Deployment', 'web').spec.strategy.type).toBe('Recreate');
  expect(both.pod('web')).not.toHaveProperty('affinity');
  expect(both.service('web').volumes).toEqual([composeMount('data')]);
});

test('on storage of many machines replicas share it, wherever they run', () => {
  const data = new Volume(shop, 'data', { sharedStorageClass: 'nfs' });
  workload('web', { replicas: 3 }).main.mountVolume(data, '/data');
  expect(data.placement).toBe(VolumePlacement.MANY_MACHINES);
  const both = new Both(shop);
  expect(both.find('PersistentVolumeClaim', 'data').spec).toMatchObject({ accessModes: ['ReadWriteMany'], storageClassName: 'nfs' });
  expect(podVolume(both, 'web').persistentVolumeClaim).toEqual({ claimName: 'data' });
  expect(both.find('Deployment', 'web').spec.strategy.type).toBe('RollingUpdate');
  expect(both.pod('web').affinity).not.toHaveProperty('podAffinity');
  expect(both.service('web')).toMatchObject({ deploy: { replicas: 3 }, volumes: [composeMount('data')] });
});

test('storage per member is made for each, and stays', () => {
  const data = new Volume(shop, 'data', { perMember: true, storageClass: 'fast' });
  workload('db', { stable: true, replicas: 2 }).main.mountVolume(data, '/data');
  expect(data.placement).toBe(VolumePlacement.PER_MEMBER);
  const both = new Both(shop);
  expect(both.find('StatefulSet', 'db').spec.volumeClaimTemplates).toEqual([{
    metadata: {
      name: 'volume-data',
      labels: {
        'app.kubernetes.io/name': 'db',
        'app.kubernetes.io/instance': 'shop',
        'app.kubernetes.io/component': 'workload',
        'app.kubernetes.io/part-of': 'shop',
        'app.kubernetes.io/managed-by': 'cdk8s-conduit',
      },
    },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
  }]);
  expect(both.pod('db')).not.toHaveProperty('volumes');
  expect(both.names('PersistentVolumeClaim')).toEqual([]);
  expect(both.service('db-0').volumes).toEqual([composeMount('data_0')]);
  expect(both.service('db-1').volumes).toEqual([composeMount('data_1')]);
});

test('a volume of several containers is in the pod once', () => {
  const web = workload('web');
  const data = new Volume(shop, 'data');
  web.main.mountVolume(data, '/data');
  web.main.mountVolume(data, '/again', { readOnly: true });
  web.addSidecar('shipper', { image: 'registry.example/acme/shipper:1.0' }).mountVolume(data, '/logs', { readOnly: true });
  const both = new Both(shop);
  expect(both.pod('web').volumes).toEqual([{ name: 'volume-data', emptyDir: { sizeLimit: '1Gi' } }]);
  expect(both.container('web').volumeMounts).toEqual([
    { name: 'volume-data', mountPath: '/again', subPath: 'data', readOnly: true }, { name: 'volume-data', mountPath: '/data', subPath: 'data' },
  ]);
  expect(both.container('web', 'shipper').volumeMounts).toEqual([{ name: 'volume-data', mountPath: '/logs', subPath: 'data', readOnly: true }]);
  expect(Object.keys(both.compose.volumes)).toEqual(['data']);
});

test('every user is in the group that may write', () => {
  workload('web', { uid: 101, gid: 102 }).main.mountVolume(new Volume(shop, 'data'), '/data');
  const both = new Both(shop);
  expect(both.pod('web').securityContext).toMatchObject({ fsGroup: 10001, fsGroupChangePolicy: 'OnRootMismatch' });
  expect(both.service('web')).toMatchObject({ user: '101:102', group_add: ['10001'] });
});

/** What is made, by whom: owner, volume and directory of each, on Compose for the whole project, on Kubernetes in the pods of these workloads. */
function made(both: Both, ...workloads: string[]): { compose: string[]; kubernetes: string[] } {
  const inTurn = (words: string[], size: number) => Array.from({ length: words.length / size }, (_, index) => words.slice(index * size, (index + 1) * size).join(' ').trim());
  const inPod = (name: string) => both.pod(name).initContainers.flatMap(({ name: own, command, securityContext }: any) => own.startsWith('conduit-volumes-')
    ? inTurn(command.slice(4), 2).map(words => `${securityContext.runAsUser} ${words.replace('volume-', '').replace(/ data\/?/, ' ').trim()}`) : []);
  return { compose: inTurn(both.service('conduit-setup').post_start[0].command.slice(4), 3), kubernetes: [...new Set(workloads.flatMap(inPod))].sort() };
}

test('a directory of a volume is all that its user sees, and is there before anyone starts', () => {
  const data = new Volume(shop, 'data');
  workload('a', { uid: 101 }).main.mountVolume(data, '/data', { subdirectory: 'a/logs' });
  workload('b', { uid: 102 }).main.mountVolume(data, '/data', { subdirectory: 'b' });
  workload('c', { uid: 103 }).main.mountVolume(data, '/data', { readOnly: true });
  const both = new Both(shop);
  expect(both.container('a').volumeMounts).toEqual([{ name: 'volume-data', mountPath: '/data', subPath: 'data/a/logs' }]);
  expect(both.service('a').volumes).toEqual([composeMount('data', { volume: { nocopy: true, subpath: 'a/logs' } })]);
  const directories = ['101 data', '101 data a/logs', '102 data b'];
  expect(made(both, 'a', 'b', 'c')).toEqual({ compose: directories, kubernetes: directories });
  expect(both.containerNames('b').init).toEqual(['conduit-volumes-101', 'conduit-volumes-102']);
  expect(both.containerNames('c').init).toEqual(['conduit-volumes-101']);
  expect(both.container('b', 'conduit-volumes-102')).toMatchObject({
    securityContext: { runAsUser: 102, runAsGroup: 10001 }, volumeMounts: [{ name: 'volume-data', mountPath: '/conduit/volumes/volume-data' }],
  });
  for (const name of ['a', 'b', 'c']) {
    expect(both.service(name).depends_on).toEqual({ 'conduit-setup': { condition: 'service_started' } });
  }
});

test('a directory that several users write to belongs to the first of them, and one where nobody writes to whom the volume does', () => {
  const data = new Volume(shop, 'data');
  workload('a', { uid: 101 }).main.mountVolume(data, '/data');
  workload('b', { uid: 102 }).main.mountVolume(data, '/data');
  workload('c', { uid: 99 }).main.mountVolume(data, '/data', { subdirectory: 'empty', readOnly: true });
  const directories = ['101 data', '101 data empty'];
  expect(made(new Both(shop), 'a', 'b', 'c')).toEqual({ compose: directories, kubernetes: directories });
});

test('a task uses a volume like a workload', () => {
  const data = new Volume(shop, 'data');
  new Task(shop, 'fill', { image: 'registry.example/acme/fill:1.0' }).main.mountVolume(data, '/data');
  workload('web').main.mountVolume(data, '/data', { readOnly: true });
  expect(data.placement).toBe(VolumePlacement.ONE_MACHINE);
  const both = new Both(shop);
  expect(podVolume(both, 'fill')).toEqual(podVolume(both, 'web'));
  expect(both.service('fill').volumes).toEqual([composeMount('data')]);
});

test.each<[string, object, VolumePlacement]>([
  ['nothing said', {}, VolumePlacement.SCRATCH],
  ['persistence asked for', { persistent: true }, VolumePlacement.ONE_MACHINE],
  ['a class named', { storageClass: 'fast' }, VolumePlacement.ONE_MACHINE],
  ['a shared class named', { sharedStorageClass: 'nfs' }, VolumePlacement.MANY_MACHINES],
])('for one user, with %s, it is where it should be', (_, props, placement) => {
  const data = new Volume(shop, 'data', props);
  workload('web').main.mountVolume(data, '/data');
  expect(data.placement).toBe(placement);
  expect(new Both(shop).names('PersistentVolumeClaim')).toEqual(placement === VolumePlacement.SCRATCH ? [] : ['data']);
});
