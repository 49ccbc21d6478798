// Ranges of sources are held by policies, whichever way clients take: here around the load balancer, by ports of the node.
import { Application, Exposure, KubernetesChart, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import type { Neighbour } from '../live/deployment';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

jest.setTimeout(4 * MINUTE);

/** Two servers, each published to somebody. */
function build(near: Exposure, far: Exposure) {
  const application = new Application('sources');
  for (const [id, exposure, hostPort] of [['near', near, 8081], ['far', far, 8082]] as const) {
    new Workload(application, id, {
      image: 'python:3.13-slim', args: ['python', '-m', 'http.server', '--directory', '/usr/share/doc', '8080'], ports: [{ name: 'http', number: 8080 }],
    }).publish({ exposure, hostPort });
  }
  return application;
}

describeLive<Kubernetes>('a port that is published to ranges of sources', engine => {
  let deployment: KubernetesDeployment;
  let neighbour: Neighbour;
  beforeAll(async () => {
    await engine.open();
    neighbour = await engine.neighbour();
    deployment = engine.application(build(Exposure.everyoneOnTheInternet(), Exposure.everyoneOnTheInternet()));
    await deployment.start();
  }, 5 * MINUTE);
  afterAll(async () => {
    await deployment.remove();
    await neighbour.close();
  });

  const reached = async (workload: string) =>
    (await neighbour.tryExec('nc', '-z', '-w', '3', neighbour.hostAddress, String(await deployment.entrance(workload)))).code === 0;

  it('is reached from them alone, once nobody else may come any more', async () => {
    expect([await reached('near'), await reached('far')]).toEqual([true, true]);
    const app = new App();
    const ranges = neighbour.seenAs.filter(address => /^[\d.]+$/.test(address)).map(address => `${address}/32`);
    const application = build(Exposure.sources(ranges), Exposure.sources(['203.0.113.0/24']));
    new KubernetesChart(app, 'sources', { application, namespace: deployment.namespace, kubernetesVersion: '1.34' });
    await deployment.apply(app.synthYaml() as string);
    await eventually(async () => !await reached('far'), { what: 'the policy to be enforced' });
    expect(await reached('near')).toBe(true);
  });

  it('is reached by whoever may forward to it', async () => {
    expect(await deployment.visit('far')).toMatch(/Directory listing/);
  });
});
