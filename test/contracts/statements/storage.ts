import { Application, Seed, SharedVolume, Volume, VolumeProps, Workload } from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import type { Statements } from '../lowering.contract';
import { IMAGE, one } from './programs';

/** Workloads `a` and `b` with a volume at `/data` that `b` may only read. */
function shared(props: VolumeProps = {}): Application {
  const { application, a } = one();
  const b = new Workload(application, 'b', { image: IMAGE, user: 101, group: 101 });
  const volume = new Volume(application, 'data', props);
  a.main.mountVolume(volume, '/data', { subdirectory: 'a/b' });
  b.main.mountVolume(volume, '/data', { readOnly: true });
  return application;
}

/** Volume: which storage, whose, and for how long. */
export const storageStatements: Statements = {
  'a volume of two workloads is the same storage for both': synth => {
    const facts = synth(shared());
    const [a, b] = ['a', 'b'].map(workload => facts.container(workload).mounts['/data']);
    expect(a.storage).toBe(b.storage);
    expect(facts.storage(a.storage).persistent).toBe(true);
  },
  'a container sees the directory that it mounts, and writes only where it may': synth => {
    const facts = synth(shared());
    expect(facts.container('a').mounts['/data']).toMatchObject({ directory: 'a/b', readOnly: false });
    expect(facts.container('b').mounts['/data']).toMatchObject({ directory: '', readOnly: true });
  },
  'users of a volume share a group, whatever users they run as': synth => {
    const facts = synth(shared());
    expect(['a', 'b'].map(workload => facts.container(workload).sharesGroup)).toEqual([true, true]);
  },
  'storage has its size and class': synth => {
    const facts = synth(shared({ size: Size.gibibytes(3), storageClass: 'fast' }));
    expect(facts.storage(facts.container('a').mounts['/data'].storage)).toEqual({ persistent: true, size: 3072, storageClass: 'fast' });
  },
  'a volume of one workload is shared by its containers, and each replica has its own': synth => {
    const { application, a } = one({ replicas: 2 });
    const volume = new Volume(application, 'scratch');
    a.main.mountVolume(volume, '/scratch');
    a.addSidecar('helper', { image: IMAGE }).mountVolume(volume, '/helper');
    const facts = synth(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/scratch'].storage);
    expect(new Set(storage).size).toBe(2);
    expect(facts.container('a', 'helper', 1).mounts['/helper'].storage).toBe(storage[1]);
  },
  'each replica of a single container has storage of its own': synth => {
    const { application, a } = one({ replicas: 2 });
    a.main.mountVolume(new Volume(application, 'scratch'), '/scratch');
    const facts = synth(application);
    expect(facts.replicas('a')).toBe(2);
    expect(new Set([0, 1].map(replica => facts.container('a', 'main', replica).mounts['/scratch'].storage)).size).toBe(2);
  },
  'a volume of one workload ends with it': synth => {
    const { application, a } = one();
    a.main.mountVolume(new Volume(application, 'scratch'), '/scratch');
    const facts = synth(application);
    expect(facts.storage(facts.container('a').mounts['/scratch'].storage).persistent).toBe(false);
  },
  'each member has storage of its own that persists': synth => {
    const { application, a } = one({ stable: true, replicas: 2 });
    a.main.mountVolume(new Volume(application, 'data', { perMember: true }), '/data');
    const facts = synth(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/data'].storage);
    expect(new Set(storage).size).toBe(2);
    expect(storage.map(each => facts.storage(each).persistent)).toEqual([true, true]);
  },
  'a seed is copied before its reader starts, into storage that the reader cannot write to': synth => {
    const { application, a } = one();
    new SharedVolume(application, 'site', { seed: Seed.fromImage('example.test/site:1.0.0', '/site') }).grantRead(a, '/www');
    const facts = synth(application);
    const seed = facts.container('a', 'site');
    expect(seed.image).toBe('example.test/site:1.0.0');
    expect(facts.container('a').startsAfter).toEqual(['a/site completed']);
    expect(facts.container('a').mounts['/www']).toEqual({ storage: seed.mounts['/seed'].storage, directory: '', readOnly: true });
    expect(seed.mounts['/seed'].readOnly).toBe(false);
  },
  'a seed is copied for each replica': synth => {
    const { application, a } = one({ replicas: 2 });
    new SharedVolume(application, 'site', { seed: Seed.fromImage('example.test/site:1.0.0', '/site') }).grantRead(a, '/www');
    const facts = synth(application);
    const storage = [0, 1].map(replica => facts.container('a', 'main', replica).mounts['/www'].storage);
    expect(new Set(storage).size).toBe(2);
  },
};
