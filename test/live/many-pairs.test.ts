import { Application, DiscoverableService, Workload } from 'cdk8s-conduit';
import { BARE } from './bare';
import { describeLive } from './describe-live';

jest.setTimeout(600_000);

describeLive('many clients of one server', engine => {
  // Compose gives each a network, of which an engine has 31 unless told otherwise, and a proof asks for 200; a cluster has one, whatever their number
  const count = engine.name === 'Compose' ? Number(process.env.CONDUIT_PAIRS ?? 40) : 30;

  it(`start, ${count} of them, each with a way to the server and to nobody else`, async () => {
    const application = new Application('crowd');
    const resources = { cpuRequest: 0.01, cpuLimit: 0.5 };
    const server = new DiscoverableService(application, 'server', { ...BARE, port: 8080, resources });
    for (let index = 0; index < count; index++) {
      const client = new Workload(application, `client-${index}`, {
        image: 'busybox:1.37.0-musl', args: ['nc', '-lk', '-p', '9000', '-e', 'cat'], ports: [{ name: 'open', number: 9000 }], resources,
      });
      client.connectTo(server.endpoint());
    }
    const deployment = engine.application(application);
    try {
      await deployment.start();
      const other = `client-${Math.floor(count / 3)}`;
      const [{ addresses: [address] }] = await deployment.replicas(other);
      expect((await deployment.tryExec(other, 'nc', '-w', '2', address, '9000')).code).toBe(0);
      for (const client of ['client-0', `client-${Math.floor(count / 2)}`, `client-${count - 1}`]) {
        expect((await deployment.tryExec(client, 'wget', '-T', '2', '-qO-', 'http://server:8080/')).code).toBe(0);
        expect((await deployment.tryExec(client, 'nc', '-w', '2', address, '9000')).code).not.toBe(0);
        expect((await deployment.tryExec(client, 'nc', '-w', '2', other, '9000')).code).not.toBe(0);
      }
    } finally {
      await deployment.remove();
    }
  });
});
