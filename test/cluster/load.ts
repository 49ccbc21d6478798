import { Application, ConfigFile, DiscoverableService, EnvValue, HealthCheck, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { eventually } from '../live/eventually';
import type { KubernetesDeployment } from '../live/kubernetes';

/** Answers slowly, so that some answers are always under way, and finishes them when it is asked to end. It needs longer to start than a cluster needs to lead clients to it. */
const SERVER = `
import http.server, os, signal, socket, threading, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/health':
            self.answer(503 if os.path.exists('/state/sick') else 200, '')
        else:
            time.sleep(0.2)
            self.answer(200, socket.gethostname())

    def answer(self, status, text):
        self.send_response(status)
        self.send_header('Content-Length', len(text))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 100

time.sleep(3)
server = Server(('', 8080), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
`;

/** Asks 50 times a second, each time over a new connection and with the name asked for anew, until it is told to end. */
const CLIENT = `
import collections, concurrent.futures, json, os, time, urllib.request

def ask():
    try:
        return urllib.request.urlopen('http://server:8080/', timeout=10).read().decode(), None
    except Exception as error:
        return None, f'{time.monotonic() - begin:.1f} s: {error!r}'

begin, asked = time.monotonic(), []
with concurrent.futures.ThreadPoolExecutor(50) as pool:
    while not os.path.exists('/state/end') and len(asked) < 50 * 240:
        asked.append(pool.submit(ask))
        if len(asked) == 50:
            open('/state/begun', 'w')
        time.sleep(max(0, begin + len(asked) / 50 - time.monotonic()))
os.remove('/state/begun')
os.remove('/state/end')
answers = [each.result() for each in asked]
print(json.dumps({
    'failures': [failure for _, failure in answers if failure],
    'answers': collections.Counter(name for name, _ in answers if name),
}))
`;

const state = { image: 'python:3.13-slim', writablePaths: ['/state'] };
const idle = { ...state, args: ['python', '-c', 'import signal; signal.pause()'] };

/** A server of two replicas, a client of it, and a stranger to whom it is closed. */
export function servedApplication(name: string, greeting = 'hello'): Application {
  const application = new Application(name);
  const server = new DiscoverableService(application, 'server', {
    ...state,
    args: ['python', '-u', '/app/server.py'],
    env: { GREETING: EnvValue.literal(greeting) },
    port: 8080,
    replicas: 2,
    health: HealthCheck.http(8080, '/health', { interval: Duration.seconds(1), failureThreshold: 1 }),
  });
  server.workload.main.mountConfigFile(new ConfigFile(application, 'program', { path: '/app/server.py', content: SERVER }));
  new Workload(application, 'client', idle).connectTo(server.endpoint());
  new Workload(application, 'stranger', idle);
  return application;
}

/** What became of the requests of a time. */
export interface Answers {
  /** When each request that was not answered failed, and why. */
  readonly failures: string[];
  /** How many requests each replica answered, by name. */
  readonly answers: Record<string, number>;
}

/** Has the client ask from a moment before something happens to a moment after. */
export async function underLoad(deployment: KubernetesDeployment, event: () => Promise<unknown> = async () => {}): Promise<Answers> {
  const [{ name }] = await deployment.replicas('client');
  const load = deployment.kubectl(['exec', name, '--', 'python', '-c', CLIENT], { timeoutMs: 300_000 });
  load.catch(() => {}); // is seen when it is awaited, unless the event failed before
  const inClient = (code: string) => deployment.kubectl(['exec', name, '--', 'python', '-c', code]);
  try {
    await eventually(() => inClient("open('/state/begun')"), { what: 'the load to begin' });
    await event();
    await new Promise(resolve => setTimeout(resolve, 1_000));
  } finally {
    await inClient("open('/state/end', 'w')");
  }
  return JSON.parse(await load);
}

/** Returns when a workload has `n` healthy replicas, and no other pod of it is left. */
export function untilSettled(deployment: KubernetesDeployment, workload: string, n: number): Promise<string[]> {
  return eventually(async () => {
    const [all, healthy] = [await deployment.pods(workload, { ending: true }), (await deployment.replicas(workload)).filter(each => each.healthy)];
    return all.length === n && healthy.length === n && healthy.map(({ name }) => name);
  }, { what: `${n} replicas of ${workload} and no other pod`, timeoutMs: 120_000, intervalMs: 500 });
}
