import { Application, ComposeProject, HealthCheck, TestOutput, Task, Volume, Workload } from 'cdk8s-conduit';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const services = (): Record<string, any> => TestOutput.of(shop, ComposeProject.target()).document.services;

test('what prepares volumes does not end, so that no end is taken for a failure', () => {
  new Workload(shop, 'web', { image: IMAGE }).main.mountVolume(new Volume(shop, 'data'), '/data');
  expect(services()['conduit-setup']).toMatchObject({ entrypoint: ['sleep', 'infinity'], restart: 'unless-stopped' });
});

test('Compose is told that tasks end, also those that nobody waits for, by a service that runs nothing', () => {
  const [, migrate] = ['clean', 'migrate'].map(id => new Task(shop, id, { image: IMAGE }));
  new Workload(shop, 'web', { image: IMAGE }).waitFor(migrate);
  const { 'conduit-tasks': ends } = services();
  expect(ends).toMatchObject({ deploy: { replicas: 0 }, network_mode: 'none' });
  expect(ends.depends_on).toEqual({ clean: { condition: 'service_completed_successfully' }, migrate: { condition: 'service_completed_successfully' } });
});

test('without a task there is nothing to tell', () => {
  new Workload(shop, 'web', { image: IMAGE });
  expect(Object.keys(services())).toEqual(['web']);
});

test('logs and the number of processes are limited, of what the library adds, too', () => {
  const web = new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.tcp(8080) });
  web.addSidecar('proxy', { image: IMAGE });
  web.addInitContainer('first', { image: IMAGE });
  const running = Object.entries(services()).filter(([, { deploy }]) => deploy.replicas !== 0);
  expect(running.map(([name]) => name)).toEqual(['conduit-setup', 'web', 'web_first', 'web_main', 'web_proxy']);
  for (const [, service] of running) {
    expect(service).toMatchObject({ logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } }, deploy: { resources: { limits: { pids: 4096 } } } });
  }
});

test('processors are limited by time, which every machine can do, however many it has', () => {
  new Workload(shop, 'web', { image: IMAGE, resources: { cpuLimit: 64 } });
  const { web } = services();
  expect([web.cpu_quota / web.cpu_period, web.deploy.resources.limits.cpus]).toEqual([64, undefined]);
});
