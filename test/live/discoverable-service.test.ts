import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(240_000);

describeLive('a discoverable service (examples/03-discoverable-service)', engine => {
  let directory: Deployment;
  beforeAll(async () => {
    directory = engine.example('03-discoverable-service');
    await directory.start();
  });
  afterAll(() => directory.remove());

  const nameAnswers = async (host: string) => (await directory.tryExec('client', 'python', '-c', `import socket; socket.getaddrinfo('${host}', 8080)`)).code === 0;
  /** Replicas that answer a number of requests. */
  const answers = async (requests: number) => {
    const found = await directory.exec('client', 'python', '-c',
      `import urllib.request as r; print(*[r.urlopen('http://server:8080', timeout=2).read().decode().strip() for _ in range(${requests})])`);
    return new Set(found.split(' '));
  };

  it('finds all replicas behind one name', async () => {
    expect(await nameAnswers('server')).toBe(true);
    expect(await nameAnswers('servers')).toBe(false);
    await eventually(async () => (await answers(20)).size === 3, { what: 'an answer from each of three replicas' });
  });

  it('follows the server when it is scaled up and down', async () => {
    await directory.scale('server', 5);
    await eventually(async () => (await answers(60)).size === 5, { what: 'an answer from each of five replicas' });
    await directory.scale('server', 1);
    await eventually(async () => (await answers(30)).size === 1, { what: 'answers from one replica alone' });
    await directory.scale('server', 3);
    await eventually(async () => (await answers(30)).size === 3, { what: 'an answer from each of three replicas again' });
  });

  it('follows the server when it is made anew', async () => {
    const before = await answers(30);
    await directory.replace('server');
    await eventually(async () => {
      const names = await answers(30); // at first, one that ends may still answer
      return names.size === 3 && [...names].every(name => !before.has(name));
    }, { what: 'answers from three new replicas alone' });
  });

  it('survives the crash of a replica', async () => {
    await directory.kill({ workload: 'server', replica: 1 });
    await eventually(async () => (await answers(30)).size === 3, { what: 'an answer from each of three replicas' });
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await directory.delete()).toEqual({ left: [], lost: [] });
  });
});
