import { Size } from 'cdk8s';
import { IMAGE, one, Statements } from './programs';
import { Application } from '../../../model/application';
import { Volume, VolumeProps } from '../../../model/volume';
import { Workload } from '../../../model/workload';
import { Seed } from '../../../patterns/seed';
import { SharedVolume } from '../../../patterns/shared-volume';

/** Workloads `a` and `b` with a volume at `/data` that `b` may only read. */
function shared(props: VolumeProps = {}): Application {
  const { application, a } = one();
  const b = new Workload(application, 'b', { image: IMAGE, uid: 101, gid: 101 });
  const volume = new Volume(application, 'data', props);
  a.main.mountVolume(volume, '/data', { subdirectory: 'a/b' });
  b.main.mountVolume(volume, '/data', { readOnly: true });
  return application;
}

/** Volume: which storage, whose, and for how long. */
export const storageStatements: Statements = {
  'a volume of two workloads is the same storage for both': (view, must) => {
    const facts = view(shared());
    const [a, b] = ['a', 'b'].map(workload => facts.container(workload).mounts['/data']);
    must.equal(a.storage, b.storage);
    must.equal(facts.storage(a.storage).persistent, true);
  },
  'a container sees the directory that it mounts, and writes only where it may': (view, must) => {
    const facts = view(shared());
    must.fields(facts.container('a').mounts['/data'], { directory: 'a/b', readOnly: false });
    must.fields(facts.container('b').mounts['/data'], { directory: '', readOnly: true });
  },
  'users of a volume share a group, whatever users they run as': (view, must) => {
    const facts = view(shared());
    must.equal(['a', 'b'].map(workload => facts.container(workload).sharesGroup), [true, true]);
  },
  'storage has its size and class': (view, must) => {
    const facts = view(shared({ size: Size.gibibytes(3), storageClass: 'fast' }));
    must.equal(facts.storage(facts.container('a').mounts['/data'].storage), { persistent: true, size: 3072, storageClass: 'fast' });
  },
  'a volume of one workload is shared by its containers, and each replica has its own': (view, must) => {
    const { application, a } = one({ replicas: 2 });
    const volume = new Volume(application, 'scratch');
    a.main.mountVolume(volume, '/scratch');
    a.addSidecar('helper', { image: IMAGE }).mountVolume(volume, '/helper');
    const facts = view(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/scratch'].storage);
    must.equal(new Set(storage).size, 2);
    must.equal(facts.container('a', 'helper', 1).mounts['/helper'].storage, storage[1]);
  },
  'each replica of a single container has storage of its own': (view, must) => {
    const { application, a } = one({ replicas: 2 });
    a.main.mountVolume(new Volume(application, 'scratch'), '/scratch');
    const facts = view(application);
    must.equal(facts.replicas('a'), 2);
    must.equal(new Set([0, 1].map(replica => facts.container('a', 'main', replica).mounts['/scratch'].storage)).size, 2);
  },
  'a volume of one workload ends with it': (view, must) => {
    const { application, a } = one();
    a.main.mountVolume(new Volume(application, 'scratch'), '/scratch');
    const facts = view(application);
    must.equal(facts.storage(facts.container('a').mounts['/scratch'].storage).persistent, false);
  },
  'each member has storage of its own that persists': (view, must) => {
    const { application, a } = one({ stable: true, replicas: 2 });
    a.main.mountVolume(new Volume(application, 'data', { perMember: true }), '/data');
    const facts = view(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/data'].storage);
    must.equal(new Set(storage).size, 2);
    must.equal(storage.map(each => facts.storage(each).persistent), [true, true]);
  },
  'a seed is copied before its reader starts, into storage that the reader cannot write to': (view, must) => {
    const { application, a } = one();
    new SharedVolume(application, 'site', { seed: Seed.fromImage('example.test/site:1.0.0', '/site') }).grantRead(a, '/www');
    const facts = view(application);
    const seed = facts.container('a', 'site');
    must.equal(seed.image, 'example.test/site:1.0.0');
    must.equal(facts.container('a').startsAfter, ['a/site completed']);
    must.equal(facts.container('a').mounts['/www'], { storage: seed.mounts['/seed'].storage, directory: '', readOnly: true });
    must.equal(seed.mounts['/seed'].readOnly, false);
  },
  'a seed is copied for each replica': (view, must) => {
    const { application, a } = one({ replicas: 2 });
    new SharedVolume(application, 'site', { seed: Seed.fromImage('example.test/site:1.0.0', '/site') }).grantRead(a, '/www');
    const facts = view(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/www'].storage);
    must.equal(new Set(storage).size, 2);
  },
};
