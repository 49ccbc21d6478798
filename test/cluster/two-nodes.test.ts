// Across nodes: the second is lent by the cluster's own scripts, and taken back.
import { Volume, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import { servedApplication, underLoad, untilSettled } from './load';
import { clusterEnvironment } from '../live/cluster';
import { command } from '../live/command';
import { CLOSED } from '../live/deployment';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

jest.setTimeout(4 * MINUTE);

/** The server with its clients, and a store of two members, each with a volume of one node. */
function build() {
  const application = servedApplication('nodes');
  const store = new Workload(application, 'store', { image: 'python:3.13-slim', args: ['python', '-c', 'import signal; signal.pause()'], stable: true, replicas: 2 });
  store.main.mountVolume(new Volume(application, 'data', { perMember: true }), '/data');
  return application;
}

/** As when its power fails: nothing on the node runs or answers any more. */
const POWER_OFF = `
source "$0"
ip -n "$netns-node1" link set to-node2 down
for program in kubelet containerd kube-proxy cilium; do kill -9 "$(cat "$home/run/node2-$program.pid")"; done
for group in $(control_groups node2); do
  [ ! -d "$group" ] || find "$group" -name cgroup.procs -exec cat {} + | sort -u | xargs -r kill -9 2>/dev/null || true
done`;

describeLive<Kubernetes>('two nodes', engine => {
  const bash = (...args: string[]) => command('bash', args, { env: clusterEnvironment(), timeoutMs: 2 * MINUTE });
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    await engine.open({ nodes: 2 });
    deployment = engine.application(build());
    await deployment.prepare();
    const tolerations = JSON.stringify([{ key: 'conduit-test/extra', operator: 'Exists' }]);
    await deployment.kubectl(['annotate', 'namespace', deployment.namespace, `scheduler.alpha.kubernetes.io/defaultTolerations=${tolerations}`]);
    await deployment.start();
    await deployment.kubectl(['patch', 'deployment/client', 'deployment/stranger', '--patch', JSON.stringify({
      spec: { template: { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node1' } } } },
    })]);
    await Promise.all(['client', 'stranger'].map(workload => untilSettled(deployment, workload, 1)));
  }, 5 * MINUTE);
  afterAll(async () => {
    await bash(join(__dirname, 'down.sh'), 'node2');
    // nobody is left who would say that they ended
    await deployment.kubectl(['delete', 'pods', '--field-selector=spec.nodeName=node2', '--grace-period=0', '--force']);
    await deployment.remove();
  });

  const settled = () => untilSettled(deployment, 'server', 2);
  /** Nodes of the pods of a workload, those that end left out. */
  const nodes = async (workload: string) => (await deployment.pods(workload)).map(({ spec }) => spec.nodeName).sort();
  const on = async (workload: string, node: string) => (await deployment.pods(workload)).find(({ spec }) => spec.nodeName === node);
  const connect = (workload: string, host: string) =>
    deployment.tryExec(workload, 'python', '-c', `import socket; socket.create_connection(('${host}', 8080), timeout=2)`);
  const onMember = async (node: string, code: string) =>
    deployment.kubectl(['exec', (await on('store', node)).metadata.name, '--', 'python', '-c', code]);

  it('share the replicas of a service and the members of a store', async () => {
    expect(await nodes('server')).toEqual(['node1', 'node2']);
    expect(await nodes('store')).toEqual(['node1', 'node2']);
  });

  it('share them again after an update', async () => {
    await deployment.replace('server');
    await settled();
    expect(await nodes('server')).toEqual(['node1', 'node2']);
  });

  it.each(['node1', 'node2'])('open a declared edge, and no other, to a replica on %s', async node => {
    const { status } = await on('server', node);
    for (const workload of ['client', 'stranger']) expect(await nodes(workload)).toEqual(['node1']);
    expect(await connect('client', status.podIP)).toMatchObject({ code: 0 });
    expect((await connect('stranger', status.podIP)).stderr).toMatch(CLOSED);
  });

  it('close an edge at the node of the server, even if the client may send what it wants', async () => {
    const policy = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'stranger' } }, policyTypes: ['Egress'], egress: [{}] };
    await deployment.kubectl(['apply', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'test' }, spec: policy }),
    });
    const { status } = await on('server', 'node2');
    const { status: { podIP: self } } = (await deployment.pods('stranger'))[0];
    await eventually(async () => expect((await connect('stranger', self)).stderr).toContain('refused'), { what: 'the way out of the stranger' });
    expect((await connect('stranger', status.podIP)).stderr).toContain('timed out');
  });

  it('lose no request when the one with all replicas is drained', async () => {
    await onMember('node2', "open('/data/kept', 'w').write('kept')");
    await deployment.kubectl(['cordon', 'node1']);
    await deployment.replace('server');
    const before = await settled();
    await deployment.kubectl(['uncordon', 'node1']);
    expect(await nodes('server')).toEqual(['node2', 'node2']);

    let after: string[] = [];
    const { failures, answers } = await underLoad(deployment, async () => {
      await deployment.kubectl(['drain', 'node2', '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s'], { timeoutMs: 3 * MINUTE });
      after = await settled();
    });
    expect(failures).toEqual([]);
    expect(await nodes('server')).toEqual(['node1', 'node1']);
    expect(Object.keys(answers).sort()).toEqual([...before, ...after].sort());
  });

  it('take back the member whose volume is on the drained one, with its data', async () => {
    expect(await nodes('store')).toEqual(['node1', undefined]);
    await deployment.kubectl(['uncordon', 'node2']);
    await untilSettled(deployment, 'store', 2);
    expect(await nodes('store')).toEqual(['node1', 'node2']);
    expect(await onMember('node2', "print(open('/data/kept').read())")).toBe('kept');
  });

  it('go on as one when the other is lost', async () => {
    await deployment.replace('server');
    await settled();
    const [here, lost] = [await on('server', 'node1'), await on('server', 'node2')];
    const [memberHere, memberLost] = [await on('store', 'node1'), await on('store', 'node2')];
    await bash('-ec', POWER_OFF, join(__dirname, 'common.sh'));

    // until it is known that the node is lost, a client must try again
    const answers = await deployment.exec('client', 'python', '-c', `
import urllib.request
for _ in range(20):
    try:
        print(urllib.request.urlopen('http://server:8080/', timeout=1).read().decode())
    except OSError:
        pass
`);
    expect(new Set(answers.split('\n'))).toEqual(new Set([here.metadata.name]));
    expect((await deployment.replicas('server')).map(({ id }) => id)).toContain(lost.metadata.uid);

    await eventually(async () => {
      expect(await nodes('server')).toEqual(['node1', 'node1']);
      expect((await deployment.replicas('server')).map(({ healthy }) => healthy)).toEqual([true, true]);
    }, { what: 'two replicas on the node that is left', timeoutMs: 90_000, intervalMs: 1_000 });
    const { failures, answers: { [here.metadata.name]: byHere, ...byOthers } } = await underLoad(deployment);
    expect(failures).toEqual([]);
    expect(byHere).toBeGreaterThan(0);
    expect(Object.keys(byOthers)).toHaveLength(1);

    // it may still run, as far as anybody knows, and its data is there alone: it waits for the node, or for an administrator's word
    const members = await deployment.pods('store', { ending: true });
    expect(members.map(({ metadata }) => metadata.uid).sort()).toEqual([memberHere, memberLost].map(({ metadata }) => metadata.uid).sort());
    expect(await nodes('store')).toEqual(['node1']);
  });
}, 'nodes to cut off');
