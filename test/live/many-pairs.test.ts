import { Application, DiscoverableService, Workload } from 'cdk8s-conduit';
import { describeLive } from './docker';
import { prepareApplication } from './example';

jest.setTimeout(480_000);

describeLive('two hundred clients of one server', () => {
  it('start, each in a network of its own with the server', async () => {
    const application = new Application('crowd');
    const resources = { cpuRequest: 0.01, cpuLimit: 0.5 };
    const server = new DiscoverableService(application, 'server', { image: 'conduit-test/bare:1', port: 8080, resources });
    for (let index = 0; index < 200; index++) {
      const client = new Workload(application, `client-${index}`, { image: 'busybox:1.37.0-musl', args: ['sleep', 'infinity'], resources });
      client.connectTo(server.endpoint());
    }
    const { project, remove } = prepareApplication(application);
    try {
      await project.up();
      const running = (await project.ps()).filter(({ State }) => State === 'running');
      expect(running).toHaveLength(201);
      for (const client of ['client-0', 'client-99', 'client-199']) {
        expect((await project.tryExec(client, 'wget', '-qO-', 'http://server:8080/')).code).toBe(0);
        expect((await project.tryExec(client, 'nslookup', 'client-100')).code).not.toBe(0);
      }
    } finally {
      await remove();
    }
  });
});
