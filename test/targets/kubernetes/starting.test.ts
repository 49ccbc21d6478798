// Waiting costs no more of a start than it must, and no start is given up.
import { Application, HealthCheck, Workload, WorkloadProps } from 'cdk8s-conduit';
import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';
import { Duration } from 'cdk8s';
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

test('one of several addresses is enough, and each argument is waited for', () => {
  const [, , script, name] = waitedFor();
  const folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  try {
    const log = join(folder, 'log');
    // the third try finds b ready, the fourth d; c and a never are
    writeFileSync(join(folder, 'nc'), `#!/bin/sh\necho "$4:$5" >> ${log}\ncase $4 in b) [ "$(grep -c b: ${log})" -ge 3 ] ;; d) [ "$(grep -c d: ${log})" -ge 4 ] ;; *) false ;; esac\n`, { mode: 0o755 });
    // bash stands for busybox's shell, but takes a job that was ended for the first that ends next: here they end by themselves
    const { status, stdout } = spawnSync('bash', ['-c', `kill() { :; }\n${script}`, name, 'a:1 b:2 c:3', 'd:4'], {
      env: { PATH: `${folder}${delimiter}${process.env.PATH}` }, encoding: 'utf8', timeout: 10_000,
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'waiting for a:1 b:2 c:3\nwaiting for d:4\n' });
    const asked = readFileSync(log, 'utf8').trim().split('\n');
    const before = asked.slice(0, asked.indexOf('d:4'));
    expect(new Set(before)).toEqual(new Set(['a:1', 'b:2', 'c:3']));
    expect(before.filter(address => address === 'b:2').length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked.slice(before.length))).toEqual(new Set(['d:4']));
    expect(asked.length - before.length).toBeGreaterThanOrEqual(4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
