// The files that `cdk8s-conduit secrets` writes for clients outside.
import { Application, BrokeredQueue, ComposeProject, Exposure, ExternalClient, RabbitMq, Workload } from 'cdk8s-conduit';
import { X509Certificate } from 'crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { createSecrets } from '../../src/cli/secrets';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conduit-'));
  directory = join(folder, 'compose');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(join(directory, path), 'utf8');
const mode = (path: string) => statSync(join(directory, path)).mode % 0o1000;

/** What the command does, within this process; returns what it prints. */
function createAll(): string {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  try {
    createSecrets(directory, folder);
    return log.mock.calls.map(([line]) => `${line}\n`).join('');
  } finally {
    log.mockRestore();
  }
}

describe('a client outside', () => {
  const saveWith = (tell: (client: ExternalClient, shop: Application) => void) => {
    const shop = new Application('shop');
    tell(new ExternalClient(shop, 'laptop', { exposure: Exposure.everyoneOnTheInternet() }), shop);
    new ComposeProject(shop, { directory, secretsDirectory: 'secrets' }).save();
  };
  const granted = (client: ExternalClient, shop: Application) => {
    const broker = new RabbitMq(shop, 'broker', { tls: true, publicHost: '2001:db8::1' });
    new BrokeredQueue(shop, 'orders', { broker }).grantSend(client);
  };
  const connection = () => JSON.parse(read('secrets/laptop.json'));

  test('gets a file with all that it needs, which only its owner reads', () => {
    saveWith(granted);
    expect(createAll()).toMatch(/^wrote compose\/secrets\/laptop\.json$/m);
    expect(mode('secrets/laptop.json')).toBe(0o600);
    expect(Object.keys(connection())).toEqual(['CA', 'EXCHANGE', 'HOST', 'PASSWORD', 'PORT', 'QUEUE', 'ROUTING_KEY', 'URL', 'USER'].map(name => `ORDERS_${name}`));
    expect(connection()).toMatchObject({ ORDERS_PASSWORD: read('secrets/orders-laptop-send'), ORDERS_CA: read('secrets/broker-tls-authority'), ORDERS_URL: 'amqps://[2001:db8::1]:5671' });
  });

  test('checks the server under the address that it knows', () => {
    saveWith(granted);
    createAll();
    expect(new X509Certificate(read('secrets/broker-tls-certificate')).checkIP('2001:db8::1')).toBe('2001:db8::1');
  });

  test('finds a new password in its file, which is written anew each time', () => {
    saveWith(granted);
    createAll();
    rmSync(join(directory, 'secrets/orders-laptop-send'));
    createAll();
    expect(connection().ORDERS_PASSWORD).toBe(read('secrets/orders-laptop-send'));
  });

  test('gets a file where there is no secret, too', () => {
    saveWith((client, shop) => {
      const web = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0', ports: [{ name: 'http', number: 8080 }] });
      web.announce({ publicHost: 'shop.example.com' });
      client.connectTo(web.endpoint());
    });
    createAll();
    expect(connection()).toEqual({ WEB_HOST: 'shop.example.com', WEB_PORT: '8080', WEB_URL: 'http://shop.example.com:8080' });
    expect(mode('secrets')).toBe(0o700);
  });

  test('gets none where there is nothing to tell', () => {
    saveWith(() => {});
    expect(createAll()).toBe('this project has no secrets\n');
    expect(existsSync(join(directory, 'secrets'))).toBe(false);
  });

  test.each<[string, string, string]>([
    ['the name of another file', 'laptop.json', '../laptop'],
    ['a secret that there is not', 'PASSWORD: "orders-laptop-send"', 'PASSWORD: "/etc/shadow"'],
    ['a directory of its own', 'secrets/laptop.json', 'elsewhere/laptop.json'],
  ])('gets no file with %s', (_, right, wrong) => {
    saveWith(granted);
    const file = join(directory, 'compose.yml');
    const [before, clients] = readFileSync(file, 'utf8').split('  clients:\n');
    writeFileSync(file, `${before}  clients:\n${clients.replace(right, wrong)}`);
    expect(createAll).toThrow('are not as a ComposeProject writes them');
    expect(existsSync(join(directory, 'secrets'))).toBe(false);
  });
});
