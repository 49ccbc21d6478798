// What a broker in a package of its own declares; that it does it shows where it runs.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, StartFrom, Workload } from 'cdk8s-conduit';
import { RedisStreams } from './src/redis-streams';
import { Both } from '../targets/both';

const shop = new Application('shop');
const broker = new RedisStreams(shop, 'broker');
const workload = (id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });

const orders = new BrokeredQueue(shop, 'orders', { broker, deliveryLimit: 3 });
orders.grantSend(workload('seller'));
const packer = workload('packer');
orders.grantReceive(packer);
orders.grantReceiveDeadLetters(workload('doctor'));
const news = new BrokeredTopic(shop, 'news', { broker });
news.grantPublish(workload('editor'));
news.subscribe(workload('listener'), { deadLetters: false });
const log = new EventStream(shop, 'log', { broker });
log.grantPublish(workload('writer'));
log.grantRead(workload('analyst'), { startFrom: StartFrom.offset(3), group: 'readers' });
log.grantRead(workload('auditor'), { startFrom: StartFrom.offset(3), group: 'readers' });

const textOf = (name: string) => new Both(shop).find('ConfigMap', name).data.content;

test('each user has the commands and keys of one right', () => {
  const receiving = '+xreadgroup +xautoclaim +xclaim +xpending +xack';
  expect(textOf('broker-users').trim().split('\n')).toEqual([
    `/run/secrets/news-listener-listener-receive news-listener-listener-receive ~news.listener ${receiving} +xdel +multi +exec`,
    `/run/secrets/orders-doctor-receive-dead orders-doctor-receive-dead ~orders.dead ${receiving} +xdel +multi +exec`,
    `/run/secrets/orders-packer-receive orders-packer-receive ~orders ${receiving} +xdel +multi +exec (%W~orders.dead +xadd)`,
    '/run/secrets/orders-seller-send orders-seller-send %W~orders +xadd',
    '/run/secrets/news-editor-publish news-editor-publish %R~news +smembers +multi +exec (%W~news.listener +xadd)',
    `/run/secrets/log-analyst-read log-analyst-read ~log ${receiving}`,
    `/run/secrets/log-auditor-read log-auditor-read ~log ${receiving}`,
    '/run/secrets/log-writer-publish log-writer-publish %W~log +xadd',
  ]);
});

test('streams, groups and subscribers are there before anyone connects', () => {
  expect(textOf('broker-declared').trim().split('\n')).toEqual([
    'XGROUP CREATE news.listener news.listener 0 MKSTREAM',
    'XGROUP CREATE orders orders 0 MKSTREAM',
    'XGROUP CREATE orders.dead orders.dead 0 MKSTREAM',
    'DEL news',
    'SADD news news.listener',
    'XGROUP CREATE log readers 0-3 MKSTREAM',
  ]);
});

test('a consumer is told what it has to do by itself', () => {
  expect(packer.main.env).toMatchObject({
    ORDERS_STREAM: { text: 'orders' },
    ORDERS_GROUP: { text: 'orders' },
    ORDERS_PREFETCH: { text: '1' },
    ORDERS_ACKNOWLEDGEMENT_TIMEOUT_MS: { text: '30000' },
    ORDERS_DELIVERY_LIMIT: { text: '3' },
    ORDERS_DEAD_STREAM: { text: 'orders.dead' },
  });
});
