import { describeLive, eventually } from './docker';
import { prepareExample, Prepared } from './example';

jest.setTimeout(240_000);

describeLive('a sidecar pair (examples/01-sidecar-pair)', () => {
  let pair: Prepared;
  beforeAll(async () => {
    pair = prepareExample('01-sidecar-pair');
    await pair.project.up({ wait: true });
  });
  afterAll(() => pair.remove());

  const fetch = (service: string, url: string) =>
    pair.project.exec(service, 'python', '-c', `import urllib.request as r; print(r.urlopen('${url}', timeout=2).read().decode())`);
  const visit = () => eventually(() => fetch('visitor', 'http://web:8080/'), { what: 'a visit through the sidecar' });

  it('lets each container reach the other on localhost', async () => {
    expect(await fetch('web_main', 'http://localhost:8080/')).toContain('hello from process');
    expect(await pair.project.exec('web_sidecar', '/conduit/busybox', 'wget', '-qO-', 'http://localhost:8081/')).toContain('hello from process');
  });

  it('lets both containers use the shared directory', async () => {
    await visit();
    expect(await fetch('visitor', 'http://web:8080/shared/visits.txt')).toMatch(/^\d+$/m);
  });

  it.each(['web_main', 'web_sidecar'])('keeps the other container on the network when %s is killed', async service => {
    const before = await pair.project.inspect(service);
    await pair.project.kill9(service);
    await eventually(async () => (await pair.project.inspect(service)).RestartCount > before.RestartCount, { what: `${service} to come back` });
    expect(await visit()).toContain('hello from process');
    expect(await eventually(() => fetch('web_main', 'http://localhost:8080/'), { what: 'localhost inside the pair' })).toContain('hello');
  });

  it.each(['web_main', 'web_sidecar'])('keeps the other container on the network when %s is made anew', async service => {
    const before = await pair.project.inspect(service);
    await pair.project.recreate(service);
    expect((await pair.project.inspect(service)).Id).not.toEqual(before.Id);
    expect(await visit()).toContain('hello from process');
  });
});
