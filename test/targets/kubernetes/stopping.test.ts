// A pod that is to end serves on until nobody is sent to it any more.
import { Application, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Both } from '../both';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };
const SIGNAL = 'kill -s QUIT 1; while kill -0 1 2>/dev/null; do sleep 0.2; done';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const web = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'web', { image: IMAGE, ...props });
const lower = (kubernetesVersion: string) => new Both(shop, { kubernetesVersion });
const preStop = (both: Both, name?: string) => both.container('web', name).lifecycle?.preStop;

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

test.each(['1.27', '1.30'])('from %s on a signal of its own is sent after the pause, by the same hook', version => {
  web({ ports: [HTTP], stopSignal: 'SIGQUIT' });
  expect(preStop(lower(version))).toEqual({ exec: { command: ['sh', '-c', `sleep 5; ${SIGNAL}`] } });
});

test('containers beside a server go on as long as it does', () => {
  const workload = web();
  workload.addCompanion('reporter', { image: IMAGE });
  workload.addSidecar('proxy', { image: IMAGE, ports: [HTTP] });
  workload.addInitContainer('prepare', { image: IMAGE });
  const plain = lower('1.28');
  for (const name of ['main', 'reporter', 'proxy']) expect(preStop(plain, name)).toEqual({ exec: { command: ['sleep', '5'] } });
  const native = lower('1.30');
  for (const name of ['main', 'reporter']) expect(preStop(native, name)).toEqual({ sleep: { seconds: 5 } });
  // it ends after them by itself
  for (const name of ['proxy', 'prepare']) expect(preStop(native, name)).toBeUndefined();
});

test('a sidecar with a signal of its own pauses as well, since its hook begins with those of the others', () => {
  const workload = web();
  const proxy = workload.addSidecar('proxy', { image: IMAGE, ports: [HTTP], stopSignal: 'SIGQUIT' });
  expect(preStop(lower('1.30'), proxy.name)).toEqual({ exec: { command: ['sh', '-c', `sleep 5; ${SIGNAL}`] } });
});
