import { Application, BrokeredTopic, ComposeProject, DiscoverableService, HealthCheck, KubernetesChart, RabbitMq, Topology, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

const shop = new Application('shop');
const broker = new RabbitMq(shop, 'broker');

const frontend = new DiscoverableService(shop, 'frontend', {
  image: 'shop/frontend:1.0.0',
  buildContext: { directory: `${__dirname}/frontend` },
  port: 8080,
  health: HealthCheck.http(8080, '/health'),
});
frontend.publish(); // to this machine

// an order comes to each receiver, and waits for those that are down
const orders = new BrokeredTopic(shop, 'orders', { broker });
orders.grantPublish(frontend);
for (const name of ['inventory', 'shipping', 'notification']) {
  const receiver = new Workload(shop, name, {
    image: 'shop/worker:1.0.0',
    buildContext: { directory: `${__dirname}/worker` },
    args: ['python', '-u', 'worker.py', name],
  });
  orders.subscribe(receiver);
}

const app = new App();
export const chart = new KubernetesChart(app, 'shop', { application: shop });
export const project = new ComposeProject(shop);
const topology = new Topology(shop);

app.synth();
project.save();
topology.save();
