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
    for (const volume of ['data', 'other']) sandbox.directory(`/volumes/${volume}`);
    sandbox.tool('chown', 'echo "  in $OLDPWD" >> calls');
    sandbox.tool('chmod');
    sandbox.tool('stat', 'case $OLDPWD in */volumes/data) echo 1000 ;; *) echo 0 ;; esac');
  });

  /** Prepares a volume with these directories, for a user each, and then another volume. */
  function prepare(directories: string[], health?: HealthCheck) {
    const workload = new Workload(shop, 'web', { image: IMAGE, user: 1000, ports: [{ name: 'http', number: 8080 }], health });
    const data = new Volume(shop, 'data');
    for (const directory of directories) workload.main.mountVolume(data, `/${directory}`, { subdirectory: directory });
    workload.main.mountVolume(new Volume(shop, 'other'), '/other');
    return sandbox.run(words(new Both(shop).service('conduit-setup').post_start[0].command));
  }
  /** Directories that were given away. */
  const given = () => sandbox.calls.filter(call => call.startsWith('  in ')).map(call => call.slice('  in '.length));

  test('gives what belongs to root to its writer and to the group of all users, and leaves the rest alone', async () => {
    expect(await prepare(['one', 'a/deep -er/"one"'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(given()).toEqual(['/volumes/data/a/deep -er/"one"', '/volumes/data/one', '/volumes/other']);
    expect(sandbox.calls.filter(call => !call.startsWith(' '))).toEqual(['stat -c %u .', ...Array(3).fill(['stat -c %u .', 'chmod 2775 .', 'chown 1000:10001 .']).flat()]);
  });

  test.each<[string, () => void]>([
    ['a link into another volume', () => sandbox.link('/volumes/data/one', sandbox.path('/volumes/other'))],
    ['a link on the way', () => sandbox.link('/volumes/data/a', sandbox.path('/volumes/other'))],
    ['a link to the root', () => sandbox.link('/volumes/data/a', '/')],
    ['a link upwards', () => sandbox.link('/volumes/data/a', '..')],
    ['a link to itself', () => sandbox.link('/volumes/data/a', 'a')],
    ['a link that leads nowhere', () => sandbox.link('/volumes/data/a', sandbox.path('/volumes/other/made'))],
    ['a file', () => sandbox.write('/volumes/data/a', 'in the way')],
  ])('%s that a writer made is left alone, and costs others nothing', async (_, plant) => {
    plant();
    const { status, stdout, stderr } = await prepare(['one', 'a/one']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\/volumes\/data\/\w+ is left as it is: no directory, or a link to one\n$/);
    expect(given()).toHaveLength(2);
    expect(given()).toContain('/volumes/other');
    for (const made of ['/volumes/other/one', '/volumes/other/made', '/one', '/volumes/one']) expect(sandbox.read(made)).toBeUndefined();
  });

  test('copies busybox where something is checked by it, over one that may be running', async () => {
    sandbox.tool('stat', 'echo 1000');
    expect((await prepare(['one'])).status).toBe(0);
    expect(sandbox.read('/conduit/busybox')).toBeUndefined();
    sandbox.directory('/conduit');
    shop = new Application('shop');
    expect((await prepare(['one'], HealthCheck.tcp(8080))).status).toBe(0);
    expect(sandbox.read('/conduit/busybox')).toBe('a program');
    expect(sandbox.read('/conduit/.busybox')).toBeUndefined();
  });

  test.each(['chown', 'chmod', 'mkdir'])('fails where %s cannot prepare a volume', async tool => {
    sandbox.tool(tool, 'exit 1');
    expect((await prepare(['one'])).status).toBe(1);
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
