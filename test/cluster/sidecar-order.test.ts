// What the main container of a pair sees of its sidecar when both start and end.
import { Application, HealthCheck, SidecarPair, Volume } from 'cdk8s-conduit';
import { describeLive } from '../live/describe-live';
import { eventually } from '../live/eventually';
import { Kubernetes, KubernetesDeployment } from '../live/kubernetes';
import { Output } from '../live/output';

jest.setTimeout(240_000);

/** Needs a while to start, and ends as soon as it is asked to. */
const SIDECAR = `
import http.server, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
time.sleep(2)
http.server.ThreadingHTTPServer(('', 9000), http.server.SimpleHTTPRequestHandler).serve_forever()
`;

/** Asks the sidecar at once, and again for two seconds when it is asked to end; and writes down how it went. */
const MAIN = `
import signal, sys, time, urllib.request

def answered():
    try:
        return urllib.request.urlopen('http://localhost:9000/', timeout=1).status == 200
    except OSError:
        return False

def record(when, answers):
    with open('/records/log', 'a') as log:
        print(when, 'answered' if all(answers) else 'refused', file=log)

def end(*_):
    answers = []
    for _ in range(20):
        time.sleep(0.1)
        answers.append(answered())
    record('end', answers)
    sys.exit()

record('start', [answered()])
signal.signal(signal.SIGTERM, end)
while True:
    signal.pause()
`;

describeLive<Kubernetes>('a sidecar', () => {
  let deployment: KubernetesDeployment;
  afterEach(() => deployment.remove());

  it.each([
    ['is ready before the main container starts and answers until it has ended, from Kubernetes 1.29 on', '1.29', 'answered'],
    ['is neither waited for nor kept before Kubernetes 1.29, but answers in between', '1.28', 'refused'],
  ])('%s', async (_, version, outcome) => {
    const application = new Application('order');
    const python = { image: 'python:3.13-slim' };
    const pair = new SidecarPair(application, 'pair', {
      main: { ...python, args: ['python', '-u', '-c', MAIN] },
      sidecar: { ...python, args: ['python', '-u', '-c', SIDECAR], ports: [{ name: 'http', number: 9000 }], health: HealthCheck.http(9000, '/') },
    });
    pair.main.mountVolume(new Volume(application, 'records', { persistent: true }), '/records');
    deployment = new KubernetesDeployment('order', namespace => Output.ofApplication(application, namespace, { kubernetesVersion: version }));
    await deployment.start();
    const records = async () => (await deployment.exec('pair', 'cat', '/records/log')).split('\n');
    const ask = "import urllib.request as r; print(r.urlopen('http://localhost:9000/', timeout=2).status)";

    expect(await deployment.exec('pair', 'python', '-c', ask)).toBe('200');
    await deployment.replace('pair');
    expect(await deployment.exec('pair', 'python', '-c', ask)).toBe('200');
    expect(await eventually(records, { what: 'what the main container saw' })).toEqual([`start ${outcome}`, `end ${outcome}`, `start ${outcome}`]);
  });
});
