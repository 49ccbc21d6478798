// What Compose runs beside the containers' own programs, with stand-ins for what it calls.
import { Application, HealthCheck, Volume, Workload } from 'cdk8s-conduit';
import { AddressInfo, createServer, Server } from 'net';
import { ANSWERS, answerTo, HOST_PATH } from '../../live/http-answers';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

/** A stand-in for what checks need of busybox. */
const BUSYBOX = `case $1 in
  sh) exec "$@" ;;
  sleep) exec "$@" ;;
  ssl_client) { cat <&3 & } ; exec cat >&3 ;; # as it passes on what it has taken from TLS
  nc) shift
    [ "$1" != -z ] || exec bash -c '3<>"/dev/tcp/$0/$1"' "$4" "$5"
    exec bash -c 'shift 2; host=$1 port=$2; shift 3; exec 3<>"/dev/tcp/$host/$port" && exec "$@" <&3 >&3' nc "$@" ;;
esac`;

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
    const workload = new Workload(shop, 'web', { image: IMAGE, uid: 1000, ports: [{ name: 'http', number: 8080 }], health });
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

describe('a check', () => {
  let server: Server;
  let port: number;
  let requests: string[];
  let answers: Map<string, string>;
  beforeEach(async () => {
    requests = [];
    answers = new Map();
    server = createServer(socket => {
      socket.on('error', () => {}); // of who does not read to the end
      socket.once('data', data => {
        requests.push(`${data}`);
        socket.end(answers.get(`${data}`.split(' ')[1]) ?? answerTo(`${data}`));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    sandbox.write('/etc/hosts', '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n');
    sandbox.tool('/conduit/busybox', BUSYBOX);
  });
  afterEach(() => new Promise(resolve => server.close(resolve)));

  /** Makes the check once it is lowered; it is over when it succeeds, or its time is. */
  function check(health: HealthCheck, seconds?: number) {
    shop = new Application('shop');
    new Workload(shop, 'web', { image: IMAGE, ports: [{ name: 'http', number: port }], health });
    const [, ...command] = words(new Both(shop).service('web').healthcheck.test);
    return sandbox.run(command, { seconds });
  }

  test.each(ANSWERS.map(answer => [answer.name, answer] as const))('takes an answer for what the kubelet takes it for: %s', async (_, { path, healthy }) => {
    sandbox.tool('/conduit/busybox', `[ "$1" != sleep ] || kill $PPID # not again\n${BUSYBOX}`);
    expect((await check(HealthCheck.http(port, path))).status === 0).toBe(healthy);
  });

  test('asks as the kubelet does', async () => {
    expect((await check(HealthCheck.http(port, '/200?a=/b&c'))).status).toBe(0);
    expect(requests).toEqual([`GET /200?a=/b&c HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: kube-probe/1.34\r\nAccept: */*\r\nConnection: close\r\n\r\n`]);
    expect((await check(HealthCheck.http(port, HOST_PATH))).status).toBe(0);
  });

  test('asks with the headers that it is given, and after a redirect, too, with the Host header where the place is no other', async () => {
    const headers = { 'host': 'shop.example', 'X-Token': "it's", 'User-Agent': '', 'accept': 'text/html' };
    const lines = "Accept: text/html\r\nX-Token: it's\r\nConnection: close\r\n\r\n";
    expect((await check(HealthCheck.http(port, '/relative', { headers }))).status).toBe(0);
    expect(requests).toEqual(['/relative', '/200'].map(path => `GET ${path} HTTP/1.1\r\nHost: shop.example\r\n${lines}`));
    requests = [];
    answers.set('/absolute', `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${port}/200\r\n\r\n`);
    expect((await check(HealthCheck.http(port, '/absolute', { headers }))).status).toBe(0);
    expect(requests[1]).toBe(`GET /200 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines}`);
  });

  test('asks by TLS over the same connection, and after a redirect, too', async () => {
    expect((await check(HealthCheck.http(port, '/relative', { tls: true }))).status).toBe(0);
    expect(requests.map(request => request.split('\r\n')[0])).toEqual(['GET /relative HTTP/1.1', 'GET /200 HTTP/1.1']);
    expect(sandbox.calls.filter(call => call.startsWith('busybox ssl_client'))).toEqual(Array(2).fill('busybox ssl_client -s 3'));
    sandbox.tool('/conduit/busybox', `[ "$1" != sleep ] || kill $PPID # not again\n${BUSYBOX}`);
    expect((await check(HealthCheck.http(port, '/500', { tls: true }))).status).not.toBe(0);
  });

  test.each([['https://@NAME@/200', 'http', 'https', 443], ['http://@NAME@/200', 'https', 'http', 80], ['//@NAME@/200', 'https', 'https', 443]])(
    'goes on to %s from %s by %s, at its usual port', async (to, from, scheme, usual) => {
      answers.set('/elsewhere', `HTTP/1.1 302 Found\r\nLocation: ${to.replace('@NAME@', '127.0.0.1')}\r\n\r\n`);
      sandbox.tool('/conduit/busybox', `[ "$1" != sleep ] || kill $PPID # not again\n[ "$1 $5" != "nc ${usual}" ] || exit 1\n${BUSYBOX}`);
      await check(HealthCheck.http(port, '/elsewhere', { tls: from === 'https' }));
      const calls = sandbox.calls.join('\n'); // a program among the arguments has several lines
      expect(calls.slice(calls.indexOf(`busybox nc -w 3 127.0.0.1 ${usual} -e `))).toMatch(new RegExp(` 127\\.0\\.0\\.1 /200 3 \\. ${scheme} 127\\.0\\.0\\.1$`, 'm'));
    });

  test('is made of the own address, not of the loopback one, which nobody else can reach', async () => {
    sandbox.write('/etc/hosts', '127.0.0.1\tlocalhost\n::1\tlocalhost\nfe00::\tip6-localnet\n192.0.2.7\tweb\n192.0.2.8\tweb\n');
    sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; esac');
    expect([await check(HealthCheck.http(port, '/')), await check(HealthCheck.tcp(port))].map(({ status }) => status)).toEqual([0, 0]);
    expect(sandbox.calls.filter(call => call.startsWith('busybox nc')).map(call => call.split(' -e')[0])).toEqual([`busybox nc -w 3 192.0.2.7 ${port}`, `busybox nc -z -w 3 192.0.2.7 ${port}`]);
  });

  test.each([['HTTP', () => HealthCheck.http(port, '/200')], ['TCP', () => HealthCheck.tcp(port)]])('by %s is made again until it succeeds, or its time is up', async (_, make) => {
    sandbox.tool('/conduit/busybox', `[ "$1" != nc ] || [ "$(grep -c "^busybox nc" calls)" -ge 3 ] || exit 1\n${BUSYBOX}`);
    expect((await check(make())).status).toBe(0);
    expect(sandbox.calls.flatMap(call => /^busybox (nc|sleep) /.exec(call)?.[1] ?? [])).toEqual(['nc', 'sleep', 'nc', 'sleep', 'nc']);
    sandbox.tool('/conduit/busybox', 'case $1 in sh) exec "$@" ;; nc) false ;; sleep) exec sleep 0.1 ;; esac');
    expect((await check(make(), 1)).status).toBeUndefined();
  });
});
