// What Compose runs beside the containers' own programs, with stand-ins for what it calls.
import { Application, HealthCheck, Volume, Workload } from 'cdk8s-conduit';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
let sandbox: Sandbox;
beforeEach(() => {
  shop = new Application('shop');
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** Words of a command as a container gets them. */
const words = (command: string[]) => command.map(word => word.replaceAll('$$', '$'));

describe('the service that prepares volumes', () => {
  beforeEach(() => {
    sandbox.write('/bin/busybox', 'a program');
    sandbox.directory('/volumes/data');
    sandbox.tool('chown');
    sandbox.tool('chmod');
  });

  function prepare(health?: HealthCheck) {
    const workload = new Workload(shop, 'web', { image: IMAGE, user: 1000, ports: [{ name: 'http', number: 8080 }], health });
    const data = new Volume(shop, 'data');
    workload.main.mountVolume(data, '/data', { subdirectory: 'one' });
    return sandbox.run(words(new Both(shop).service('conduit-setup').post_start[0].command));
  }

  test('gives what belongs to root to its writer and to the group of all users, and leaves the rest alone', async () => {
    sandbox.tool('stat', 'case $3 in *one) echo 0 ;; *) echo 1000 ;; esac');
    expect(await prepare()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.calls).toEqual(['stat -c %u /volumes/data', 'stat -c %u /volumes/data/one', 'chmod 2775 /volumes/data/one', 'chown 1000:10001 /volumes/data/one']);
  });

  test('copies busybox where something is checked by it, over one that may be running', async () => {
    sandbox.tool('stat', 'echo 1000');
    expect((await prepare()).status).toBe(0);
    expect(sandbox.read('/conduit/busybox')).toBeUndefined();
    sandbox.directory('/conduit');
    shop = new Application('shop');
    expect((await prepare(HealthCheck.tcp(8080))).status).toBe(0);
    expect(sandbox.read('/conduit/busybox')).toBe('a program');
    expect(sandbox.read('/conduit/.busybox')).toBeUndefined();
  });

  test('fails where it cannot prepare a volume', async () => {
    sandbox.tool('stat', 'echo 0');
    sandbox.tool('chown', 'exit 1');
    expect((await prepare()).status).toBe(1);
  });
});

test('a check is made again until it succeeds, or its time is up', async () => {
  new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: 8080 }], health: HealthCheck.http(8080, '/ready') });
  const [, ...command] = words(new Both(shop).service('web').healthcheck.test);
  const checked = 'busybox wget -q -T 3 -O /dev/null http://127.0.0.1:8080/ready';
  sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; wget) [ "$(grep -c "^busybox wget" calls)" -ge 3 ] ;; esac');
  expect((await sandbox.run(command)).status).toBe(0);
  expect(sandbox.calls.slice(1)).toEqual([checked, 'busybox sleep 0.1', checked, 'busybox sleep 0.1', checked]);
  sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; wget) false ;; sleep) exec sleep 0.1 ;; esac');
  expect((await sandbox.run(command, { seconds: 1 })).status).toBeUndefined();
});
