import {
  Application, BrokeredQueue, ConfigFile, DiscoverableService, Endpoint, EnvValue, Exposure, HealthCheck, LoadBalancer, Network, RabbitMq, Secret,
  Task, Volume, Workload,
} from 'cdk8s-conduit';

const image = 'example.test/program:1.0.0@sha256:0000000000000000000000000000000000000000000000000000000000000000';

/** One application that uses every feature that targets have which run each container by itself. */
export function singleContainers(): Application {
  const application = new Application('every');
  const api = new DiscoverableService(application, 'api', { image, port: 8080, replicas: 2, writablePaths: ['/tmp'], health: HealthCheck.http(8080, '/') });
  const worker = new Workload(application, 'worker', { image, buildContext: { directory: 'worker' }, resources: { cpuLimit: 2 } });
  const migrate = new Task(application, 'migrate', { image, completionCheck: ['test', '-e', '/done'] });
  worker.connectTo(api.endpoint());
  worker.connectTo(Endpoint.external('db.example.com', 5432));
  worker.waitFor(migrate);
  worker.main.setEnv('KEY_FILE', EnvValue.secretFile(new Secret(application, 'key')));
  worker.main.mountConfigFile(new ConfigFile(application, 'nothing', { path: '/etc/nothing.conf', content: '' }));
  worker.main.mountVolume(new Volume(application, 'scratch'), '/scratch');
  new Network(application, 'back').add(api.workload);

  const jobs = new BrokeredQueue(application, 'jobs', { broker: new RabbitMq(application, 'broker', { nodes: 3 }) });
  jobs.grantSend(api.workload);
  jobs.grantReceive(worker, { scaling: { max: 3, targetBacklog: 20 } });

  const local = new Workload(application, 'local', { image, ports: [{ name: 'http', number: 8081 }] });
  local.publish();
  local.main.mountVolume(new Volume(application, 'data', { persistent: true }), '/data');
  const balancer = new LoadBalancer(application, 'entry', { exposure: Exposure.everyoneOnTheInternet() });
  new Workload(application, 'web', { image, ports: [{ name: 'http', number: 8082 }], replicas: 2 }).publish({ balancer });
  return application;
}
