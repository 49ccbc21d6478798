// What a cluster of a broker must survive. Messages are sent while the fault is there, each until it is confirmed.
import { Application, BrokeredQueue, ChannelKind, MessageSemantic, SupportLevel, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import type { BrokerSuite } from './declared';
import { Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive, testLive } from '../describe-live';
import { eventually } from '../eventually';
import type { KubernetesDeployment } from '../kubernetes';

/** Messages for each fault; `npx projen proof` sends more. */
const COUNT = Number(process.env.CONDUIT_MESSAGES ?? 3_000);
/** Longer than any broker takes to have consumers get messages again. */
const IDLE_SECONDS = 25;
/** Time from the first message to the fault: long enough that many were sent, and that many are left. */
const LEAD_MS = 2_000;

/** Name of every suite's broker. */
const BROKER = 'broker';
const NODES = 3;

function build({ name, make }: BrokerSuite): { application: Application; secured: boolean } {
  const application = new Application(`cluster-${name.toLowerCase()}`); // so that several can run at once
  const broker = make(application, NODES);
  const [sender, receiver, other] = ['sender', 'receiver', 'other'].map(id => new Workload(application, id, PROGRAMS));
  const kept = broker.support(MessageSemantic.KEPT_UNTIL_RECEIVED, ChannelKind.QUEUE).level !== SupportLevel.REFUSED;
  const queue = new BrokeredQueue(application, 'jobs', {
    broker, deadLetters: false, deliveryLimit: 100, acknowledgementTimeout: Duration.seconds(10), messageTtl: kept ? undefined : Duration.hours(1),
  });
  queue.grantSend(sender);
  for (const client of [receiver, other]) queue.grantReceive(client, { prefetch: 100 });
  return { application, secured: broker.caCertificates !== undefined };
}

/** Asks once for a pod to go elsewhere, as a drain of its node does; gives what speaks against it. */
function evict(deployment: KubernetesDeployment, pod: string): Promise<string | undefined> {
  const { namespace } = deployment;
  const input = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } });
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
  return deployment.kubectl(['create', '--raw', path, '-f', '-'], { input }).then(() => undefined, (error: Error) => error.message);
}

export function describeBrokerCluster(suite: BrokerSuite): void {
  describeLive(`three nodes of ${suite.name}`, engine => {
    const { application, secured } = build(suite);
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = engine.application(application);
      await deployment.start();
    });
    afterAll(() => deployment.remove());
    const m = new Messages(() => deployment, suite.client);

    /** Sends and receives while something happens; tells what was confirmed and never came, and how many came twice. */
    async function through(fault: () => Promise<void>): Promise<{ lost: string[]; duplicates: number }> {
      const sending = m.flood('sender', 'JOBS', COUNT);
      const receiving = ['receiver', 'other'].map(workload => m.collect(workload, 'JOBS', IDLE_SECONDS));
      await new Promise(resolve => setTimeout(resolve, LEAD_MS));
      await fault();
      const confirmed = await sending;
      expect(confirmed).toBe(COUNT);
      await Promise.all(['receiver', 'other'].map(workload => m.over(workload, 'JOBS')));
      const came = (await Promise.all(receiving)).flat();
      const distinct = new Set(came);
      return { lost: Array.from({ length: COUNT }, (_, number) => `${number}`).filter(body => !distinct.has(body)), duplicates: came.length - distinct.size };
    }

    const allHealthy = () => eventually(async () => {
      const nodes = await deployment.replicas(BROKER);
      return nodes.length === NODES && nodes.every(({ healthy }) => healthy);
    }, { what: 'all nodes to be healthy', timeoutMs: 180_000 });

    /** Tells, for the record, how often messages came twice; that none is lost is what must be. */
    function record(what: string, { lost, duplicates }: { lost: string[]; duplicates: number }): void {
      process.stderr.write(`${suite.name} on ${engine.name}, ${what}: ${COUNT} confirmed, ${lost.length} lost, ${duplicates} twice\n`);
      expect(lost).toEqual([]);
    }

    if (secured) {
      it('show clients who they are, and talk to none without TLS', async () => {
        expect(await m.send('sender', 'JOBS', 'safe')).toEqual(['stored safe']);
        expect(await m.drain('receiver', 'JOBS')).toEqual(['safe']);
        expect(await m.trust('sender', 'JOBS', '/run/secrets/broker-tls-authority')).toBe('trusted');
        expect(await m.drain('receiver', 'JOBS')).toEqual(['trusted']);
        expect(await m.trust('sender', 'JOBS', '/etc/ssl/certs/ca-certificates.crt')).toBe('not trusted');
        expect(await m.trust('sender', 'JOBS', '')).toBe('not trusted');
      });
    }

    it('lose no confirmed message when one of them is killed', async () => {
      record('one node killed', await through(() => deployment.kill({ workload: BROKER, replica: 1 })));
      await allHealthy();
    });

    testLive('lose no confirmed message when one of them is cut off from the others', 'cut', async () => {
      record('one node cut off', await through(async () => {
        await deployment.cut(BROKER, 2);
        await new Promise(resolve => setTimeout(resolve, 8_000));
        await deployment.heal(BROKER, 2);
      }));
      await allHealthy();
    });

    it('lose no confirmed message when all are killed', async () => {
      record('all nodes killed', await through(async () => {
        await Promise.all([0, 1, 2].map(replica => deployment.kill({ workload: BROKER, replica })));
      }));
      await allHealthy();
    });

    if (engine.name === 'Kubernetes') {
      it('lose no confirmed message when all are evicted, which the disruption budget allows one at a time', async () => {
        const before = await deployment.replicas(BROKER);
        let refused = 0;
        record('all nodes evicted', await through(async () => {
          for (const { name } of before) {
            await eventually(async () => {
              const refusal = await evict(deployment as KubernetesDeployment, name);
              if (refusal) expect(refusal).toContain('disruption budget');
              refused += refusal ? 1 : 0;
              return refusal === undefined;
            }, { what: `${name} to be evicted`, timeoutMs: 120_000 });
          }
        }));
        expect(refused).toBeGreaterThan(0);
        await allHealthy();
        const ids = (await deployment.replicas(BROKER)).map(({ id }) => id);
        expect(before.filter(({ id }) => ids.includes(id))).toEqual([]);
      });
    }

    it('lose no confirmed message when a consumer is killed at work', async () => {
      record('a consumer killed', await through(() => deployment.kill('receiver')));
    });
  });
}
