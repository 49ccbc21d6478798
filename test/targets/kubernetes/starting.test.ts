// Waiting costs no more of a start than it must, and no start is given up.
import { Application, HealthCheck, Task, Workload, WorkloadProps } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

const IMAGE = 'registry.example/acme/app:1.0';
const HTTP = { name: 'http', number: 8080 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const server = (props: Partial<WorkloadProps> = {}) => new Workload(shop, 'api', { image: IMAGE, ports: [HTTP], ...props });

/** What a client of an endpoint waits for. */
function waitedFor(endpoint = server().endpoint()): string[] {
  new Workload(shop, 'web', { image: IMAGE }).connectTo(endpoint, { prefix: 'API' });
  return new Both(shop).container('web', 'conduit-wait').command;
}

describe.each(['1.27', '1.30'])('from %s on', kubernetesVersion => {
  test('a check is made each second until it first succeeds, however long that takes', () => {
    const health = HealthCheck.command(['check', '$(X)'], { interval: Duration.minutes(1), timeout: Duration.seconds(10), failureThreshold: 4 });
    server({ health }).addSidecar('proxy', { image: IMAGE, ports: [{ name: 'proxy', number: 80 }] });
    const both = new Both(shop, { kubernetesVersion });
    const exec = { command: ['check', '$$(X)'] };
    // a start-up probe that fails so often would have the container killed
    expect(both.container('api').startupProbe).toEqual({ exec, timeoutSeconds: 10, periodSeconds: 1, failureThreshold: 2147483647 });
    expect(both.container('api').readinessProbe).toEqual({ exec, timeoutSeconds: 10, periodSeconds: 60, failureThreshold: 4 });
    expect(both.container('api', 'proxy').startupProbe).toEqual({ tcpSocket: { port: 80 }, timeoutSeconds: 3, periodSeconds: 1, failureThreshold: 2147483647 });
  });

  test('what has no check has no probe', () => {
    server({ ports: [] });
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) expect(new Both(shop, { kubernetesVersion }).container('api')).not.toHaveProperty(probe);
  });
});

test('nobody asks for the name of members before one of them is ready', () => {
  expect(waitedFor(server({ stable: true, replicas: 3 }).endpoint()).slice(4)).toEqual(['api-0:8080 api-1:8080 api-2:8080', 'api:8080']);
});

test('a single member is waited for by its own Service, then by its name', () => {
  expect(waitedFor(server({ stable: true, replicas: 3 }).memberEndpoint(1)).slice(4)).toEqual(['api-1:8080', 'api-1.api:8080']);
});

test('one of several addresses is enough, and each argument is waited for', async () => {
  const [, , script, name] = waitedFor();
  const sandbox = new Sandbox();
  try {
    // the third try finds b ready, the fourth d; c and a never are
    sandbox.tool('nc', 'case $4 in b) [ "$(grep -c " b " calls)" -ge 3 ] ;; d) [ "$(grep -c " d " calls)" -ge 4 ] ;; *) false ;; esac');
    // bash stands for busybox's shell, but takes a job that was ended for the first that ends next: here they end by themselves
    expect(await sandbox.run(['bash', '-c', `kill() { :; }\n${script}`, name, 'a:1 b:2 c:3', 'd:4'])).toMatchObject({ status: 0, stdout: 'waiting for a:1 b:2 c:3\nwaiting for d:4\n' });
    const before = sandbox.calls.slice(0, sandbox.calls.indexOf('nc -z -w 1 d 4'));
    expect(new Set(before)).toEqual(new Set(['nc -z -w 1 a 1', 'nc -z -w 1 b 2', 'nc -z -w 1 c 3']));
    expect(before.filter(call => call.includes(' b ')).length).toBeGreaterThanOrEqual(3);
    const after = sandbox.calls.slice(before.length);
    expect(new Set(after)).toEqual(new Set(['nc -z -w 1 d 4']));
    expect(after.length).toBeGreaterThanOrEqual(4);
  } finally {
    sandbox.remove();
  }
});

test('the check of a task is made again each second until it succeeds', async () => {
  const task = new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['migrated', 'version 2'] });
  new Workload(shop, 'web', { image: IMAGE }).waitFor(task);
  const command: string[] = new Both(shop).container('web', 'conduit-await-migrate').command;
  const sandbox = new Sandbox();
  try {
    sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; esac');
    sandbox.tool('migrated', '[ "$(grep -c ^migrated calls)" -ge 3 ]');
    expect((await sandbox.run(command)).status).toBe(0);
    expect(sandbox.calls.slice(1)).toEqual(['migrated version 2', 'busybox sleep 1', 'migrated version 2', 'busybox sleep 1', 'migrated version 2']);
  } finally {
    sandbox.remove();
  }
});
