// What flows over the edges that grants make: the application tells it to whoever draws or checks them.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, Kafka, RabbitMq, Workload } from 'cdk8s-conduit';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const client = (id: string) => new Workload(shop, id, { image: IMAGE });
const flows = () => shop.connections.filter(({ flow }) => flow.channel !== undefined)
  .map(({ client: { clientName }, endpoint, flow }) => `${clientName} --${flow.action} ${flow.channel}--> ${endpoint.host}`);

test('queues are sent to and received from, and so are their dead letters', () => {
  const orders = new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') });
  const frontend = client('frontend');
  orders.grantSend(frontend);
  orders.grantReceive(client('shipping'));
  orders.grantReceiveDeadLetters(frontend.addSidecar('clerk', { image: IMAGE }));
  expect(flows()).toEqual([
    'frontend --send orders--> broker', 'frontend-clerk --receive orders.dead--> broker', 'shipping --receive orders--> broker',
  ]);
});

test('topics are published to and subscribed to, and dead letters belong to a subscriber', () => {
  const news = new BrokeredTopic(shop, 'news', { broker: new RabbitMq(shop, 'broker') });
  news.grantPublish(client('author'));
  const subscription = news.subscribe(client('reader'), { group: 'readers' });
  subscription.grantReceiveDeadLetters(client('editor'));
  expect(flows()).toEqual(['author --publish news--> broker', 'editor --receive news.readers.dead--> broker', 'reader --subscribe news--> broker']);
});

test('streams are published to and read', () => {
  const events = new EventStream(shop, 'events', { broker: new Kafka(shop, 'broker') });
  events.grantPublish(client('bank'));
  events.grantRead(client('auditor'));
  expect(flows()).toEqual(['auditor --read events--> broker', 'bank --publish events--> broker']);
});
