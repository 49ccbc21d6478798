import type { Deployment } from './deployment';
import { describeLive } from './describe-live';
import { eventually } from './eventually';

jest.setTimeout(240_000);

describeLive('a sidecar pair (examples/01-sidecar-pair)', engine => {
  let pair: Deployment;
  beforeAll(async () => {
    pair = engine.example('01-sidecar-pair');
    await pair.start();
  });
  afterAll(() => pair.remove());

  const web = (container: string) => ({ workload: 'web', container });
  const fetch = (program: 'visitor' | 'main', url: string) => pair.exec(program === 'main' ? web('main') : program,
    'python', '-c', `import urllib.request as r; print(r.urlopen('${url}', timeout=2).read().decode())`);
  const visit = () => eventually(() => fetch('visitor', 'http://web:8080/'), { what: 'a visit through the sidecar' });

  it('lets each container reach the other on localhost', async () => {
    expect(await fetch('main', 'http://localhost:8080/')).toContain('hello from process');
    expect(await pair.exec(web('sidecar'), 'bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/8081; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3')).toContain('hello from process');
  });

  it('lets both containers use the shared directory', async () => {
    await visit();
    expect(await fetch('visitor', 'http://web:8080/shared/visits.txt')).toMatch(/^\d+$/m);
  });

  it.each(['main', 'sidecar'])('keeps the other container on the network when %s is killed', async container => {
    const [before] = await pair.replicas('web');
    await pair.kill(web(container));
    expect(await visit()).toContain('hello from process');
    expect(await eventually(() => fetch('main', 'http://localhost:8080/'), { what: 'localhost inside the pair' })).toContain('hello');
    const [after] = await pair.replicas('web');
    expect(after.restarts).toEqual({ ...before.restarts, [container]: before.restarts[container] + 1 });
  });

  it.each(['main', 'sidecar'])('keeps the other container on the network when %s is made anew', async container => {
    const [before] = await pair.replicas('web');
    await pair.replace(web(container));
    const [after] = await pair.replicas('web');
    expect(after.id).not.toEqual(before.id);
    expect(await visit()).toContain('hello from process');
  });

  it('leaves nothing but its data and secrets when it is deleted', async () => {
    expect(await pair.delete()).toEqual({ left: [], lost: [] });
  });
});
