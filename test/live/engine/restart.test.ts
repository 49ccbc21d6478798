// In a folder of its own, as nothing else can use the engine meanwhile: only a proof runs it.
import { Application, HealthCheck, SidecarPair, Workload } from 'cdk8s-conduit';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { command } from '../command';
import type { Compose, ComposeDeployment } from '../compose';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

jest.setTimeout(900_000);

const PAIRS = 6;
const TIMES = 10;
const image = 'python:3.13-slim';
const serve = (port: number) => ({ image, args: ['python', '-m', 'http.server', `${port}`, '--directory', '/tmp'], ports: [{ name: `p${port}`, number: port }], health: HealthCheck.tcp(port) });

/** Whether the engine is one of ours, which may be restarted. */
const ours = () => process.env.DOCKER_HOST === execFileSync('bash', ['-c', 'source common.sh; echo "unix://$home/docker.sock"'], { cwd: __dirname, encoding: 'utf8' }).trim();

describeLive<Compose>('a restart of the engine', engine => {
  let deployment: ComposeDeployment;
  beforeAll(async () => {
    if (!ours()) throw new Error('an engine that others use is not restarted: bring up one by test/live/engine/up.sh');
    const application = new Application('restarted');
    for (let pair = 0; pair < PAIRS; pair++) new SidecarPair(application, `pair-${pair}`, { main: serve(8080), sidecar: serve(8081) });
    const client = new Workload(application, 'client', { image, args: ['sleep', 'infinity'] });
    client.connectTo(new Workload(application, 'server', serve(8080)).endpoint());
    deployment = engine.application(application);
    await deployment.start();
  });
  afterAll(() => deployment.remove());

  it(`leaves workloads of one container as they were, and what shares an address comes back by the command that a unit runs at boot, ${TIMES} times`, async () => {
    const fetch = () => deployment.exec('client', 'python', '-c', "import urllib.request as r; print(r.urlopen('http://server:8080/', timeout=2).status)");
    for (let time = 0; time < TIMES; time++) {
      await command(join(__dirname, 'restart.sh'), [], { timeoutMs: 120_000 });
      expect(await eventually(fetch, { what: 'the server to answer the client' })).toBe('200');
      await deployment.start();
      for (let pair = 0; pair < PAIRS; pair++) expect((await deployment.replicas(`pair-${pair}`)).map(({ healthy }) => healthy)).toEqual([true]);
    }
  });
});
