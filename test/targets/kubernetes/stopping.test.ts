// A pod that is to end serves on until nobody is sent to it any more.
import { Application, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', { image: IMAGE, ...props });
const lower = (kubernetesVersion: string) => new Both(shop, { kubernetesVersion });
const preStop = (both: Both, name?: string) => both.container('web', name).lifecycle?.preStop;

/** What a hook that sends a signal calls where the program goes on until the third time that it is looked for. */
async function callsOf({ exec: { command } }: any): Promise<string[]> {
  const sandbox = new Sandbox();
  try {
    sandbox.tool('sleep');
    const kill = 'kill() { echo "kill $*" >> calls; case $1 in -0) [ "$(grep -c "^kill -0" calls)" -lt 3 ] ;; esac; }';
    expect((await sandbox.run([...command.slice(0, -1), `${kill}\n${command.at(-1)}`])).status).toBe(0);
    return sandbox.calls;
  } finally {
    sandbox.remove();
  }
}
const signalled = ['kill -s QUIT 1', 'kill -0 1', 'sleep 0.2', 'kill -0 1', 'sleep 0.2', 'kill -0 1'];

test.each([
  ['1.27', { exec: { command: ['sleep', '5'] } }],
  ['1.29', { exec: { command: ['sleep', '5'] } }],
  ['1.30', { sleep: { seconds: 5 } }],
  ['1.34.1', { sleep: { seconds: 5 } }],
])('from %s on a server pauses before it is asked to end, and has all its time afterwards', (version, hook) => {
  web({ ports: [HTTP], stopGracePeriod: Duration.seconds(20) });
  const both = lower(version);
  expect(preStop(both)).toEqual(hook);
  expect(both.pod('web').terminationGracePeriodSeconds).toBe(25);
  expect(both.service('web').stop_grace_period).toBe('20s'); // Compose takes a container out of its networks only when it has ended
});

test.each(['1.27', '1.30'])('from %s on a program to which nobody connects is asked to end at once', version => {
  web();
  const both = lower(version);
  expect(both.container('web')).not.toHaveProperty('lifecycle');
  expect(both.pod('web').terminationGracePeriodSeconds).toBe(30);
});

test.each(['1.27', '1.30'])('from %s on a signal of its own is sent after the pause, by the same hook, which waits for the program', async version => {
  web({ ports: [HTTP], stopSignal: 'SIGQUIT' });
  expect(await callsOf(preStop(lower(version)))).toEqual(['sleep 5', ...signalled]);
});

test('a signal of its own is sent at once to a program to which nobody connects', async () => {
  web({ stopSignal: 'SIGQUIT' });
  expect(await callsOf(preStop(lower('1.30')))).toEqual(['sleep 0', ...signalled]);
});

test('containers beside a server go on as long as it does', () => {
  const workload = web();
  workload.addCompanion('reporter', { image: IMAGE });
  workload.addSidecar('proxy', { image: IMAGE, ports: [HTTP] });
  workload.addInitContainer('prepare', { image: IMAGE });
  const plain = lower('1.28');
  for (const name of ['web', 'reporter', 'proxy']) expect(preStop(plain, name)).toEqual({ exec: { command: ['sleep', '5'] } });
  const native = lower('1.30');
  for (const name of ['web', 'reporter']) expect(preStop(native, name)).toEqual({ sleep: { seconds: 5 } });
  // it ends after them by itself
  for (const name of ['proxy', 'prepare']) expect(preStop(native, name)).toBeUndefined();
});

test('a sidecar with a signal of its own pauses as well, since its hook begins with those of the others', async () => {
  const workload = web();
  const proxy = workload.addSidecar('proxy', { image: IMAGE, ports: [HTTP], stopSignal: 'SIGQUIT' });
  expect(await callsOf(preStop(lower('1.30'), proxy.name))).toEqual(['sleep 5', ...signalled]);
});
