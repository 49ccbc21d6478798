// What a broker must do that says it can. Each broker is run through the same statements, on each engine.
import { MessageSemantic } from 'cdk8s-conduit';
import { BrokerSuite, Declared } from './declared';
import { bodies, Message, Messages } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

export function describeBroker(suite: BrokerSuite): void {
  const declared = new Declared(suite, 'before');
  const statement = (sentence: string, needs: MessageSemantic[], run: () => Promise<void>) => {
    if (declared.can(...needs)) it(sentence, run);
  };
  const now = () => Date.now();

  describeLive(`messages on ${suite.name}`, engine => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = engine.application(declared.application);
      await deployment.start();
    });
    afterAll(() => deployment.remove());
    const m = new Messages(() => deployment, suite.client);

    it('are taken from whoever may send, before anyone else was there, and come to whoever may receive', async () => {
      expect(await m.send('sender', 'JOBS', 'one', 'two')).toEqual(['stored one', 'stored two']);
      expect((await m.drain('receiver', 'JOBS')).sort()).toEqual(['one', 'two']);
    });

    it('come again when a consumer goes away before it acknowledged them', async () => {
      await m.send('sender', 'JOBS', 'held');
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 20, outcome: 'hold' }))).toEqual(['held']);
      expect(bodies(await m.receive('other', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['held']);
    });

    statement('come as often as the limit says, and are dead letters then', [MessageSemantic.DELIVERY_LIMIT], async () => {
      await m.send('sender', 'POISON', 'bad');
      const deliveries = await m.receive('receiver', 'POISON', { count: 10, seconds: 8, outcome: 'reject' });
      expect(bodies(deliveries)).toEqual(['bad', 'bad', 'bad']);
      expect(bodies(await m.receive('receiver', 'POISON_DEAD', { count: 1, seconds: 20 }))).toEqual(['bad']);
      expect(await m.drain('receiver', 'POISON')).toEqual([]);
      expect(await m.drain('receiver', 'POISON_DEAD')).toEqual([]);
    });

    statement('wait before they come again, and longer the second time', [MessageSemantic.RETRY_BACKOFF], async () => {
      await m.send('sender', 'CALM', 'shy');
      const times: number[] = [];
      for (const outcome of ['reject', 'reject', 'ack'] as const) {
        expect(bodies(await m.receive('receiver', 'CALM', { count: 1, seconds: 25, outcome }))).toEqual(['shy']);
        times.push(now());
      }
      expect(times[1] - times[0]).toBeGreaterThan(3_500);
      expect(times[2] - times[1]).toBeGreaterThan(7_000);
    });

    statement('expire', [MessageSemantic.KEPT_UNTIL_RECEIVED, MessageSemantic.MESSAGE_TTL], async () => {
      await m.send('sender', 'BRIEF', 'late');
      await new Promise(resolve => setTimeout(resolve, 4_000));
      expect(await m.drain('receiver', 'BRIEF')).toEqual([]);
      if (declared.can(MessageSemantic.EXPIRED_DEAD_LETTERS)) expect(bodies(await m.receive('receiver', 'BRIEF_DEAD', { count: 1, seconds: 10 }))).toEqual(['late']);
    });

    statement('are refused where the queue is full, so that the sender knows', [MessageSemantic.MAX_LENGTH, MessageSemantic.REJECT_NEW], async () => {
      const outcomes = await m.send('sender', 'SHORT', ...Array.from({ length: 12 }, (_, index) => `m${index}`));
      expect(outcomes[0]).toBe('stored m0');
      expect(outcomes[11]).toBe('refused m11');
      const stored = outcomes.filter(line => line.startsWith('stored')).map(line => line.slice('stored '.length));
      expect(await m.drain('receiver', 'SHORT')).toEqual(stored);
    });

    statement('are refused where they have no room', [MessageSemantic.MAX_SIZE, MessageSemantic.REJECT_NEW], async () => {
      const outcomes = await m.send('sender', 'SMALL', ...Array.from({ length: 12 }, (_, index) => `${index}${'x'.repeat(2_000)}`));
      expect(outcomes[0]).toMatch(/^stored/);
      expect(outcomes[11]).toMatch(/^refused/);
    });

    statement('make room for newer ones where that was asked for', [MessageSemantic.MAX_LENGTH, MessageSemantic.DROP_OLDEST], async () => {
      await m.send('sender', 'RECENT', 'a', 'b', 'c', 'd');
      expect(await m.drain('receiver', 'RECENT')).toEqual(['c', 'd']);
      if (declared.can(MessageSemantic.EXPIRED_DEAD_LETTERS)) {
        expect((await m.receive('receiver', 'RECENT_DEAD', { count: 2, seconds: 10 })).map(({ body }) => body)).toEqual(['a', 'b']);
      }
    });

    statement('overtake those of a lower priority', [MessageSemantic.PRIORITY], async () => {
      await m.send('sender', 'URGENT', { body: 'low', priority: 1 }, { body: 'high', priority: 9 }, { body: 'mid', priority: 6 }, { body: 'low too', priority: 1 });
      expect(await m.drain('receiver', 'URGENT')).toEqual(['high', 'mid', 'low', 'low too']);
    });

    statement('come later where the sender wants it', [MessageSemantic.DELAY], async () => {
      const sent = now();
      await m.send('sender', 'LATER', { body: 'delayed', delay_ms: 3000 }, 'at once');
      expect(bodies(await m.receive('receiver', 'LATER', { count: 1, seconds: 5 }))).toEqual(['at once']);
      expect(bodies(await m.receive('receiver', 'LATER', { count: 1, seconds: 15 }))).toEqual(['delayed']);
      expect(now() - sent).toBeGreaterThan(3_000);
    });

    statement('are stored once that are sent twice', [MessageSemantic.DEDUPLICATION], async () => {
      await m.send('sender', 'ONCE', { body: 'first', id: '1' }, { body: 'first again', id: '1' }, { body: 'second', id: '2' });
      expect(await m.drain('receiver', 'ONCE')).toEqual(['first', 'second']);
    });

    it('are shared by consumers that compete', async () => {
      const receiving = (['receiver', 'other'] as const).map(workload => m.receive(workload, 'JOBS', { seconds: 12 }));
      await new Promise(resolve => setTimeout(resolve, 6_000)); // so that both are there
      const sent = Array.from({ length: 200 }, (_, index) => `work ${index}`);
      await m.send('sender', 'JOBS', ...sent.map((body): Message => ({ body, key: body })));
      const [mine, yours] = (await Promise.all(receiving)).map(bodies);
      expect(mine.length).toBeGreaterThan(0);
      expect(yours.length).toBeGreaterThan(0);
      expect(new Set([...mine, ...yours])).toEqual(new Set(sent));
    });

    statement('go to one consumer alone, until it goes away', [MessageSemantic.SINGLE_ACTIVE_CONSUMER], async () => {
      const sent = Array.from({ length: 20 }, (_, index) => `turn ${index}`);
      const first = m.receive('receiver', 'ALONE', { count: 20, seconds: 30 });
      await m.send('sender', 'ALONE', sent[0]); // some brokers choose when there is something to get
      await new Promise(resolve => setTimeout(resolve, 5_000));
      const second = m.receive('other', 'ALONE', { count: 1, seconds: 45 });
      await new Promise(resolve => setTimeout(resolve, 2_000));
      await m.send('sender', 'ALONE', ...sent.slice(1));
      expect(bodies(await first)).toEqual(sent);
      await m.send('sender', 'ALONE', 'after');
      expect(bodies(await second)).toEqual(['after']);
    });

    it('go to each subscriber of a topic, whether or not it is there at the time', async () => {
      await m.send('sender', 'NEWS', { body: 'extra', key: 'paper.morning' });
      expect(await m.drain('receiver', 'NEWS')).toEqual(['extra']);
      expect(await m.drain('other', 'NEWS')).toEqual(['extra']);
      expect(await m.drain('other', 'NEWS')).toEqual([]);
    });

    statement('go to subscribers by their keys', [MessageSemantic.ROUTING_BY_KEY], async () => {
      const keys = ['order.created.eu', 'order.created.us', 'order', 'invoice.created.eu'];
      await m.send('sender', 'KEYED', ...keys.map(key => ({ body: key, key })));
      expect(await m.drain('receiver', 'KEYED')).toEqual(['order.created.eu']);
      expect(await m.drain('other', 'KEYED')).toEqual(['order.created.eu', 'order.created.us', 'order']);
    });

    statement('go to subscribers by their headers', [MessageSemantic.ROUTING_BY_HEADER], async () => {
      await m.send('sender', 'LABELLED', { body: 'both', key: 'any', headers: { 'kind': 'letter', 'x-region': 'eu' } }, { body: 'one', key: 'any', headers: { kind: 'letter' } });
      expect(await m.drain('receiver', 'LABELLED')).toEqual(['both']);
    });

    it('of a stream stay when they were read, and are read from where a reader wants', async () => {
      await m.send('sender', 'LOG', 'e0', 'e1', 'e2', 'e3', 'e4');
      expect(bodies(await m.read('receiver', 'LOG'))).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
      expect(bodies(await m.read('other', 'LOG_OFFSET'))).toEqual(['e3', 'e4']);
    });

    statement('of one key stay in order, in one partition', [MessageSemantic.PARTITIONS], async () => {
      const sent = Array.from({ length: 30 }, (_, index): Message => ({ body: `${index}`, key: `k${index % 5}` }));
      await m.send('sender', 'ORDERED', ...sent);
      const found = await m.read('receiver', 'ORDERED', 30);
      for (const key of ['k0', 'k1', 'k2', 'k3', 'k4']) {
        expect(bodies(found.filter(each => each.key === key))).toEqual(sent.filter(each => each.key === key).map(({ body }) => body));
      }
    });

    statement('are read once by a group, whose position is kept', [MessageSemantic.CONSUMER_GROUPS], async () => {
      await m.send('sender', 'GROUPED', 'g0', 'g1', 'g2');
      expect(bodies(await m.read('receiver', 'GROUPED', 2))).toEqual(['g0', 'g1']);
      expect(bodies(await m.read('other', 'GROUPED', 1))).toEqual(['g2']);
    });

    it('are not sent by whoever may receive, nor received by whoever may send, nor with another right', async () => {
      expect(await m.attempt('sender', 'JOBS', 'send', 'jobs')).toBe('allowed');
      await m.drain('receiver', 'JOBS');
      for (const [workload, prefix, action, target] of [
        ['sender', 'JOBS', 'receive', 'jobs'], ['sender', 'JOBS', 'send', 'poison'], ['receiver', 'JOBS', 'send', 'jobs'],
        ['receiver', 'JOBS', 'receive', 'poison'], ['sender', 'JOBS', 'receive', 'log'], ['receiver', 'LOG', 'send', 'log'], ['sender', 'NEWS', 'send', 'log'],
      ] as const) expect(`${prefix} of ${workload} to ${action} ${target}: ${await m.attempt(workload, prefix, action, target)}`).toMatch(/refused$/);
    });

    it('outlive a crash of the broker', async () => {
      await m.send('sender', 'JOBS', 'kept');
      await m.send('sender', 'LOG', 'e5');
      await deployment.kill(declared.brokerName);
      await eventually(async () => (await deployment.replicas(declared.brokerName)).every(({ healthy }) => healthy), { what: 'the broker to be healthy again', timeoutMs: 120_000 });
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['kept']);
    });

    it('outlive a change of what is declared, which takes effect', async () => {
      await m.send('sender', 'JOBS', 'over the change');
      await deployment.update(new Declared(suite, 'after').application);
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['over the change']);
      await m.send('sender', 'NEWS', { body: 'to three', key: 'paper.evening' });
      expect(await m.drain('sender', 'LATE')).toEqual(['to three']);
      if (declared.can(MessageSemantic.KEPT_UNTIL_RECEIVED, MessageSemantic.MESSAGE_TTL)) {
        await m.send('sender', 'BRIEF', 'longer');
        await new Promise(resolve => setTimeout(resolve, 3_000));
        expect(await m.drain('receiver', 'BRIEF')).toEqual(['longer']);
      }
    });
  });
}
