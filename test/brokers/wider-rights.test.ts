// What the right of a user also allows stands in the fidelity of every target, from the data that the pages are made of.
import {
  Application, BrokeredQueue, BrokeredTopic, EventStream, FidelityEntry, FidelityLevel, IBroker, Kafka, Nats, RabbitMq, Targets, TestOutput, Workload,
} from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { WIDER_RIGHTS } from '../docs/semantics';

const IMAGE = 'registry.example/acme/app:1.0';

/** An application in which each right is granted that the broker can give. */
function build(make: (application: Application) => IBroker): Application {
  const shop = new Application('shop');
  const broker = make(shop);
  const [rabbit, kafka] = [broker instanceof RabbitMq, broker instanceof Kafka];
  const client = (id: string) => new Workload(shop, id, { image: IMAGE });
  const ttl = { messageTtl: Duration.hours(1), expiredToDeadLetters: rabbit };
  const plain = new BrokeredQueue(shop, 'plain', { broker, deadLetters: false, messageTtl: Duration.hours(1) });
  plain.grantSend(client('one-sender'));
  plain.grantSend(client('other-sender'));
  const full = new BrokeredQueue(shop, 'full', { broker, delays: kafka ? undefined : [Duration.seconds(1)], ...ttl });
  full.grantSend(client('delaying-sender'));
  full.grantReceive(client('receiver'));
  full.grantReceiveDeadLetters(client('doctor'));
  const topic = new BrokeredTopic(shop, 'topic', { broker, messageTtl: Duration.hours(1) });
  topic.grantPublish(client('publisher'));
  topic.subscribe(client('subscriber'), { deadLetters: false });
  const stream = new EventStream(shop, 'stream', { broker });
  stream.grantPublish(client('teller'));
  stream.grantRead(client('reader'), rabbit ? {} : { group: 'readers' });
  if (rabbit) {
    const own = new BrokeredQueue(shop, 'own', { broker });
    own.grantSend(client('declaring-sender'), { declares: true });
    own.grantReceive(client('declaring-receiver'), { declares: true });
  }
  return shop;
}

const rightsIn = (entries: FidelityEntry[]) => entries.filter(({ feature }) => feature?.startsWith('right: '));

test.each<[string, (application: Application) => IBroker, Record<string, string[]>]>([
  ['RabbitMq', application => new RabbitMq(application, 'broker'), {
    'shop/full': ['receive, and receive dead letters'],
    'shop/own': ['receive, and receive dead letters', 'receive, or send, with `declares`', 'send, with `declares`'],
    'shop/topic/subscriber': ['receive, and receive dead letters'],
  }],
  ['Kafka', application => new Kafka(application, 'broker'), {
    'shop/full': ['receive, receive dead letters, subscribe, and read', 'receive, with dead letters'],
    'shop/stream': ['receive, receive dead letters, subscribe, and read'],
    'shop/topic/subscriber': ['receive, receive dead letters, subscribe, and read'],
  }],
  ['Nats', application => new Nats(application, 'broker'), {
    'shop/full': ['any', 'receive dead letters', 'send, with `delays`'],
    'shop/plain': ['any'],
    'shop/stream': ['any'],
    'shop/topic': ['any'],
    'shop/topic/subscriber': ['any'],
  }],
])('what a right on %s also allows is said once at each queue, topic and stream, by every target', (name, make, expected) => {
  const shop = build(make);
  const allows = new Map(WIDER_RIGHTS[name].map(each => [each.right, each.allows]));
  const entries = Object.entries(expected).flatMap(([path, rights]) => rights.map((right): FidelityEntry =>
    ({ path, level: FidelityLevel.EMULATED, feature: `right: ${right}`, reason: `it also allows to ${allows.get(right)}` })));
  for (const { target, fidelity } of TestOutput.all(shop)) expect([target, rightsIn(fidelity)]).toEqual([target, entries]);
  expect(new Set(Object.values(expected).flat())).toEqual(new Set(allows.keys()));
});

test('what a broker of somebody else says of a right is said by every target, too', () => {
  class Courier extends Nats {
    public grantQueue(...[principal]: Parameters<Nats['grantQueue']>) {
      return { ...super.grantQueue(principal), widerRights: [{ right: 'send', allows: 'send twice' }] };
    }
  }
  const shop = new Application('shop');
  const queue = new BrokeredQueue(shop, 'orders', { broker: new Courier(shop, 'broker') });
  queue.grantSend(new Workload(shop, 'web', { image: IMAGE }));
  const entry = { path: 'shop/orders', level: FidelityLevel.EMULATED, feature: 'right: send', reason: 'it also allows to send twice' };
  expect(TestOutput.all(shop).map(({ fidelity }) => rightsIn(fidelity))).toEqual(Targets.all.map(() => [entry]));
});
