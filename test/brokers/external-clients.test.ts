// What brokers give clients outside the application: one port, one user, and all that these need to know. Kafka's have a port each: kafka-outside.test.ts.
import { Application, BrokeredQueue, ExternalClient, IBroker, Nats, PublicAddress, RabbitMq } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const ADDRESS: PublicAddress = { publicHost: 'broker.example.com', publicPort: 443, hostPort: 5000 };

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });
const laptop = () => new ExternalClient(shop, 'laptop', { sources: ['192.0.2.0/24'] });
const orders = (broker: IBroker) => new BrokeredQueue(shop, 'orders', { broker });

describe.each<[string, (props: object) => IBroker, string, string[], object]>([
  ['RabbitMq', props => new RabbitMq(shop, 'broker', { tls: true, ...ADDRESS, ...props }), 'amqps', ['EXCHANGE', 'QUEUE', 'ROUTING_KEY'], { host: 'mq.example' }],
  ['Nats', props => new Nats(shop, 'broker', { tls: true, ...ADDRESS, ...props }), 'tls', ['INBOX_PREFIX', 'QUEUE', 'STREAM', 'SUBJECT'], { hosts: ['mq.example'] }],
])('%s', (_, make, scheme, names, external) => {
  test.each([1, 3])('of %i nodes tells them the address that they know', nodes => {
    orders(make({ nodes })).grantSend(laptop());
    const both = new Both(shop);
    const { values, secrets } = both.compose['x-conduit'].clients[0];
    expect(values).toMatchObject({ ORDERS_URL: `${scheme}://broker.example.com:443`, ORDERS_USER: 'orders-laptop-send' });
    expect(Object.keys(values)).toEqual(expect.arrayContaining(names.map(name => `ORDERS_${name}`)));
    expect(secrets).toEqual({ ORDERS_CA: 'broker-tls-authority', ORDERS_PASSWORD: 'orders-laptop-send' });
    expect(both.service('broker__relay_tcp').ports).toMatchObject([{ published: '5000', host_ip: '0.0.0.0' }]);
    expect(both.find('Service', 'conduit-public-broker').spec.ports).toMatchObject([{ port: 5000 }]);
  });

  test('lets nobody outside in where nobody is granted anything', () => {
    orders(make({}));
    const both = new Both(shop);
    expect(both.names('Service')).not.toContain('conduit-public-broker');
    expect(Object.keys(both.compose.services)).not.toContain('broker__relay_tcp');
  });

  test('refuses them without TLS, and without a name for its host', () => {
    expect(wholeProgram(() => orders(make({ tls: false })).grantSend(laptop()))).toThrow("its password would cross the network as it is; set 'tls: true' of");
    shop = new Application('shop');
    expect(wholeProgram(() => orders(make({ publicHost: undefined })).grantSend(laptop()))).toThrow('shop/broker: nobody said under which name clients know the host of port');
  });

  test('refuses an address beside an external one', () => {
    expect(wholeProgram(() => make({ tls: undefined, publicPort: undefined, hostPort: undefined, external }))).toThrow("'publicHost' cannot be had of an external server");
  });

  test('scales nothing outside', () => {
    expect(wholeProgram(() => orders(make({})).grantReceive(laptop(), { scaling: { max: 3, targetBacklog: 10 } }))).toThrow("'scaling'");
  });
});
