// What a server in a package of its own declares, and what its scripts do with fake tools.
import { Application, Workload } from 'cdk8s-conduit';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { MariaDb } from './src';
import { COMPLETION_CHECK, DECLARATIONS_PATH, PROVISION } from './src/maria-db-provisioning';
import { Both } from '../targets/both';

const workload = (shop: Application, id: string) => new Workload(shop, id, { image: 'registry.example/acme/app:1.0' });

function shopWith(props: ConstructorParameters<typeof MariaDb>[2] = {}): Both {
  const shop = new Application('shop');
  const db = new MariaDb(shop, 'db', props);
  const cart = workload(shop, 'cart');
  for (const database of ['orders', 'pages']) db.grantUse(cart, { database });
  db.grantUse(workload(shop, 'admin'), { database: 'orders' });
  return new Both(shop);
}

test('one client has a user for each database, and each user one database', () => {
  const both = shopWith();
  const { kubernetes, compose } = both.env('cart');
  expect(kubernetes).toEqual(compose);
  expect(kubernetes).toMatchObject({
    ORDERS_DATABASE: 'orders', ORDERS_URL: 'mysql://db:3306/orders', ORDERS_USER: 'db-orders-cart-use', PAGES_DATABASE: 'pages', PAGES_USER: 'db-pages-cart-use',
  });
  expect(both.find('ConfigMap', 'db-provisioning-declarations').data.content.trim().split('\n')).toEqual([
    'orders db-orders-admin-use /run/secrets/db-orders-admin-use',
    'orders db-orders-cart-use /run/secrets/db-orders-cart-use',
    'pages db-pages-cart-use /run/secrets/db-pages-cart-use',
  ]);
});

test('clients start when their users are there', () => {
  const both = shopWith();
  expect(both.service('cart').depends_on).toEqual({ 'db-0': { condition: 'service_healthy' }, 'db-provisioning': { condition: 'service_completed_successfully' } });
  expect(both.containerNames('cart').init).toEqual(['conduit-wait', 'conduit-tools', 'conduit-await-db-provisioning']);
});

test('an external server has the same databases and users, and no workload', () => {
  const [own, external] = [shopWith(), shopWith({ external: { host: 'db.example' } })].map(both => both.find('ConfigMap', 'db-provisioning-declarations').data.content);
  expect(external).toBe(own.replace(/ (db-\S+-use) /g, ' shop-$1 ')); // another application may be on that server, too
  const both = shopWith({ external: { host: 'db.example', addresses: ['192.0.2.0/24'] } });
  expect(both.names('StatefulSet')).toEqual([]);
  expect(both.env('cart').compose).toMatchObject({ ORDERS_HOST: 'db.example' });
  expect(() => shopWith({ storage: Size.gibibytes(1), external: { host: 'db.example' } })).toThrow("shop/db: 'storage' cannot be had of an external server; leave it out, or 'external'");
});

describe('its scripts', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'maria-db-'));
    write('mariadb', `#!/bin/sh\necho "$MYSQL_PWD $*" > ${directory}/called\ncat > ${directory}/told\nexit "\${EXIT:-0}"\n`);
    chmodSync(join(directory, 'mariadb'), 0o755);
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const write = (name: string, text: string) => { writeFileSync(join(directory, name), text); return join(directory, name); };
  const read = (name: string) => readFileSync(join(directory, name), 'utf8').trim();
  const bash = (script: string, env: Record<string, string>, ...args: string[]) =>
    spawnSync('bash', ['--norc', '-c', script, 'script', ...args], { encoding: 'utf8', env: { PATH: `${directory}:${process.env.PATH}`, ...env } });
  const provision = (password: string) => bash(PROVISION.replace(DECLARATIONS_PATH, write('declarations', `orders db-orders-cart-use ${write('password', password)}\n`)),
    { DB_HOST: 'db', DB_PORT: '3306', DB_USER: 'root', DB_PASSWORD_FILE: write('root', 'toor'), DB_OPTIONS: '--skip-ssl' });

  test('make databases, users and rights, as the administrator', () => {
    expect(provision('s3cret')).toMatchObject({ status: 0, stderr: '' });
    expect(read('called')).toBe('toor --host=db --port=3306 --user=root --skip-ssl');
    expect(read('told').split('\n')).toEqual([
      'CREATE DATABASE IF NOT EXISTS `orders`;',
      "CREATE USER IF NOT EXISTS 'db-orders-cart-use'@'%' IDENTIFIED BY 's3cret';",
      "ALTER USER 'db-orders-cart-use'@'%' IDENTIFIED BY 's3cret';",
      "GRANT ALL PRIVILEGES ON `orders`.* TO 'db-orders-cart-use'@'%';",
    ]);
  });

  test('refuse a password that would end a string', () => {
    expect(provision("a'b")).toMatchObject({ status: 1, stderr: 'secret password: only letters, digits and . _ ~ - are possible here\n' });
    expect(() => read('told')).toThrow('ENOENT');
  });

  test.each(['0', '1'])('tell a client that waits whether it can use its database: %s', EXIT => {
    const env = { ORDERS_HOST: 'db', ORDERS_PORT: '3306', ORDERS_USER: 'cart', ORDERS_PASSWORD_FILE: write('password', 's3cret'), ORDERS_DATABASE: 'orders', OTHERS_HOST: 'pg', OTHERS_DATABASE: 'orders', EXIT };
    expect(bash(COMPLETION_CHECK, env, 'db', '--skip-ssl').status).toBe(Number(EXIT));
    expect(read('called')).toBe('s3cret --host=db --port=3306 --user=cart --skip-ssl --execute=SELECT 1 orders');
  });
});
