// What a load balancer in front of proxies must do, whatever their engine is. Each engine is run through the same statements.
import type { Deployment, Engine, Neighbour } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

const MINUTE = 60_000;
/** Requests that are on their way at a time. */
const VISITORS = 4;

/** Asks one request after the other for some seconds, by several at a time, and writes each answer, or why there is none. */
const LOAD = `end=$(($(date +%s) + $1))
visit() {
  while [ "$(date +%s)" -lt "$end" ]; do
    wget -qO- -T 10 "$2" 2>&1 || echo
  done
}
for _ in $(seq ${VISITORS}); do visit "$@" & done
wait`;

/** `hasPlain` says that a workload which is no proxy of ours stands behind a load balancer beside. */
export function describeBalancer(name: string, deploy: (engine: Engine) => Deployment, hasPlain = false): void {
  describeLive(`proxies behind a load balancer: ${name}`, engine => {
    let shop: Deployment;
    let neighbour: Neighbour;
    beforeAll(async () => {
      neighbour = await engine.neighbour();
      shop = deploy(engine);
      await shop.start();
      await eventually(async () => (await visit()).code === 0, { what: 'an answer through the entry', timeoutMs: MINUTE });
    }, 5 * MINUTE);
    afterAll(async () => {
      await shop.remove();
      await neighbour.close();
    });

    const urlOf = async (path: string, entry: string) => `http://${neighbour.hostAddress}:${await shop.entrance(entry)}${path}`;
    const visit = async (path = '/', entry = 'entry', ...more: string[]) => neighbour.tryExec('wget', '-qO-', '-T', '10', ...more, await urlOf(path, entry));

    /** What came of requests for some seconds: answers, connections that nobody took, and requests that were lost. */
    const load = async (seconds: number, path = '/', entry = 'entry') => {
      const lines = (await neighbour.tryExec('sh', '-c', LOAD, 'load', `${seconds}`, await urlOf(path, entry))).stdout.split('\n').filter(Boolean);
      const answers: { client: string; proxy: string; replica: string }[] = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line));
      const errors = lines.filter(line => !line.startsWith('{'));
      const refused = errors.filter(line => line.includes('refused'));
      return { answers, refused, lost: errors.filter(line => !refused.includes(line)), through: new Set(answers.map(({ proxy }) => proxy)) };
    };
    /** What came of requests while something is done, and for some seconds after: by two that begin in turn, so that one of them always asks. */
    const loadDuring = async (work: Promise<void>) => {
      const loads: Awaited<ReturnType<typeof load>>[] = [];
      let done = false;
      const keepOn = async () => {
        do loads.push(await load(8)); while (!done);
      };
      const later = new Promise(resolve => setTimeout(resolve, 4_000)).then(keepOn);
      await Promise.all([keepOn(), later, work.finally(() => { done = true; })]);
      return { answers: loads.flatMap(({ answers }) => answers), refused: loads.flatMap(({ refused }) => refused), lost: loads.flatMap(({ lost }) => lost) };
    };
    const proxiesWhoServe = (count: number) => eventually(async () => (await load(2)).through.size === count, { what: `${count} proxies to serve`, timeoutMs: MINUTE });

    it('sends connections to each proxy, and the program learns the address of the client', async () => {
      await proxiesWhoServe(3);
      const { answers, refused, lost } = await load(3);
      expect([refused, lost]).toEqual([[], []]);
      for (const { client } of answers) expect(neighbour.seenAs).toContain(client);
    });

    it('keeps to that address, whatever the client says', async () => {
      const { stdout } = await visit('/', 'entry', '--header', 'X-Forwarded-For: 6.6.6.6');
      expect(neighbour.seenAs).toContain(JSON.parse(stdout).client);
      const errors = (await load(3, '/few')).lost;
      expect(errors.some(line => line.includes('429'))).toBe(true); // a limit for the client, and none for all who come by the entry
    });

    it('lets a workload beside believe nothing that is said by PROXY protocol', async () => {
      const [{ addresses }] = await shop.replicas('edge');
      const forge = `
import socket, sys
for host in sys.argv[1:]:
    for port in [8080, 8082]:
        try:
            with socket.create_connection((host, port), 3) as plain:
                plain.sendall(b'PROXY TCP4 6.6.6.6 192.0.2.1 1 80\\r\\nGET / HTTP/1.1\\r\\nHost: edge\\r\\nConnection: close\\r\\n\\r\\n')
                print(plain.recv(65536).split(b'"client": ')[-1][:12])
        except OSError as error: print(type(error).__name__)
`;
      const { stdout } = await shop.tryExec('app', 'python', '-c', forge, ...addresses);
      expect(stdout).not.toBe('');
      expect(stdout).not.toContain('6.6.6.6');
    });

    it('loses no more than what is on its way when a proxy is killed', async () => {
      const [{ answers, refused, lost }] = await Promise.all([load(15), shop.kill({ workload: 'edge', replica: 1 })]);
      expect(lost.length).toBeLessThanOrEqual(VISITORS);
      // a Service leads to a replica until the kubelet has seen that it is gone; a client whose connection is refused has sent nothing yet
      if (engine.name === 'Compose') expect(refused).toEqual([]);
      expect(answers.length).toBeGreaterThan(100);
    });

    it('loses nothing when proxies come and go: 3, 5, 2', async () => {
      const { refused, lost, answers } = await loadDuring(shop.scale('edge', 5));
      expect([refused, lost]).toEqual([[], []]);
      expect(answers.length).toBeGreaterThan(100);
      await proxiesWhoServe(5);
      const fewer = await loadDuring(shop.scale('edge', 2));
      expect([fewer.refused, fewer.lost]).toEqual([[], []]);
      await proxiesWhoServe(2);
    });

    if (hasPlain) {
      it('shows a program without PROXY protocol what is in front of it, where that is not the client', async () => {
        const { stdout } = await visit('/', 'plain');
        const { proxy: peer } = JSON.parse(stdout);
        if (engine.name === 'Compose') expect(neighbour.seenAs).not.toContain(peer);
        else expect(neighbour.seenAs).toContain(peer);
        expect(new Set((await load(3, '/', 'plain')).answers.map(({ replica }) => replica)).size).toBe(2);
      });
    }

    it('leaves nothing but its data and secrets when it is deleted', async () => {
      expect(await shop.delete()).toEqual({ left: [], lost: [] });
    });
  });
}
