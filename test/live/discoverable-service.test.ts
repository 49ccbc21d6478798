import { describeLive, eventually } from './docker';
import { prepareExample, Prepared } from './example';

jest.setTimeout(240_000);

describeLive('a discoverable service (examples/03-discoverable-service)', () => {
  let directory: Prepared;
  beforeAll(async () => {
    directory = prepareExample('03-discoverable-service');
    await directory.project.up({ wait: true });
  });
  afterAll(() => directory.remove());

  /** Addresses behind the service's name, as the client finds them. */
  const addresses = async () => {
    const found = await directory.project.exec('client', 'python', '-c',
      "import socket; print(*sorted({info[4][0] for info in socket.getaddrinfo('server', 8080)}))");
    return found.split(' ');
  };
  /** Replicas that answer a number of requests. */
  const answers = async (requests: number) => {
    const found = await directory.project.exec('client', 'python', '-c',
      `import urllib.request as r; print(*[r.urlopen('http://server:8080', timeout=2).read().decode().strip() for _ in range(${requests})])`);
    return new Set(found.split(' '));
  };

  it('finds all replicas behind one name', async () => {
    expect(await addresses()).toHaveLength(3);
    await eventually(async () => (await answers(20)).size === 3, { what: 'an answer from each of three replicas' });
  });

  it('follows the server when it is scaled up and down', async () => {
    await directory.project.scale('server', 5);
    await eventually(async () => (await addresses()).length === 5, { what: 'five addresses' });
    await directory.project.scale('server', 1);
    await eventually(async () => (await addresses()).length === 1, { what: 'one address' });
    expect((await answers(5)).size).toBe(1);
    await directory.project.scale('server', 3);
    await eventually(async () => (await answers(30)).size === 3, { what: 'an answer from each of three replicas again' });
  });

  it('follows the server when it is made anew', async () => {
    const before = await answers(30);
    await directory.project.up({ services: ['server'], extraArgs: ['--force-recreate', '--no-deps'] });
    const after = await eventually(async () => {
      const names = await answers(30);
      return names.size === 3 && names;
    }, { what: 'answers from three new replicas' });
    expect([...after].filter(name => before.has(name))).toEqual([]);
  });

  it('survives the crash of a replica', async () => {
    const before = await directory.project.inspect('server', 2);
    await directory.project.kill9('server', 2);
    await eventually(async () => (await directory.project.inspect('server', 2)).RestartCount > before.RestartCount, { what: 'the replica to come back' });
    await eventually(async () => (await answers(30)).size === 3, { what: 'an answer from each of three replicas' });
  });
});
