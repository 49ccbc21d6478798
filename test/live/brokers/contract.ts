// What a broker that says it can must do. Each broker is run through the same statements, on each engine.
import { Application, BrokeredQueue, BrokeredTopic, EventStream, IBroker, MessageSemantic, Overflow, StartFrom, SupportLevel, Workload } from 'cdk8s-conduit';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';
import { eventually } from '../eventually';

/** A broker, and the program that is its client. */
export interface BrokerSuite {
  readonly name: string;
  /** Module of `programs`. */
  readonly client: string;
  readonly make: (application: Application) => IBroker;
}

/** A message, with what may be said of it. */
export interface Message {
  readonly body: string;
  readonly key?: string;
  readonly priority?: number;
  readonly delay_ms?: number;
  readonly headers?: Record<string, string>;
  readonly id?: string;
}

export interface Delivery { readonly body: string; readonly key: string; readonly again?: boolean }

export interface Receiving { readonly count?: number; readonly seconds?: number; readonly outcome?: 'ack' | 'reject' | 'hold' }

export const PROGRAMS = {
  image: 'conduit-test/messages:1.0.0',
  buildContext: { directory: join(__dirname, 'programs') },
  args: ['python', '-c', 'import signal; signal.pause()'],
};

/** Commands of programs/messages.py, run in the containers of an application. */
export class Messages {
  public constructor(private readonly deployment: () => Deployment, private readonly client: string) {}

  /** What became of each message, such as `stored one`. */
  public async send(workload: string, prefix: string, ...messages: (string | Message)[]): Promise<string[]> {
    return this.run(workload, 'send', prefix, messages.map(message => typeof message === 'string' ? { body: message } : message));
  }

  public async receive(workload: string, prefix: string, receiving: Receiving = {}): Promise<Delivery[]> {
    return (await this.run(workload, 'receive', prefix, receiving)).map(line => JSON.parse(line));
  }

  /** Bodies of all that is there, taken and acknowledged. */
  public async drain(workload: string, prefix: string): Promise<string[]> {
    return bodies(await this.receive(workload, prefix));
  }

  public async read(workload: string, prefix: string, count?: number): Promise<Delivery[]> {
    return (await this.run(workload, 'read', prefix, { count })).map(line => JSON.parse(line));
  }

  public async attempt(workload: string, prefix: string, action: 'send' | 'receive', target: string): Promise<string> {
    return (await this.run(workload, 'attempt', prefix, { action, target }))[0];
  }

  private async run(workload: string, command: string, prefix: string, json: unknown): Promise<string[]> {
    const written = await this.deployment().exec(workload, 'python', 'messages.py', this.client, command, prefix, JSON.stringify(json));
    return written.split('\n').filter(Boolean);
  }
}

export const bodies = (deliveries: Delivery[]) => deliveries.map(({ body }) => body);

/** Declares what each statement needs, as far as the broker can have it. */
class Built {
  public readonly application: Application;
  public readonly broker: IBroker;
  private readonly sender: Workload;
  private readonly receiver: Workload;
  private readonly other: Workload;

  public constructor({ make }: BrokerSuite, private readonly change: 'before' | 'after') {
    this.application = new Application('semantics');
    this.broker = make(this.application);
    [this.sender, this.receiver, this.other] = ['sender', 'receiver', 'other'].map(name => new Workload(this.application, name, PROGRAMS));
    this.addQueues();
    this.addTopics();
    this.addStreams();
  }

  public can(...semantics: MessageSemantic[]): boolean {
    return semantics.every(semantic => this.broker.support(semantic).level !== SupportLevel.REFUSED);
  }

  /** The least that this broker takes for a queue with dead letters. */
  private get usual() {
    return this.can(MessageSemantic.KEPT_UNTIL_RECEIVED) ? {} : { messageTtl: Duration.hours(1), expiredToDeadLetters: false };
  }

  private queue(name: string, props: object, ...needs: MessageSemantic[]): void {
    if (!this.can(...needs)) return;
    const queue = new BrokeredQueue(this.application, name, { broker: this.broker, ...this.usual, acknowledgementTimeout: Duration.seconds(3), ...props });
    queue.grantSend(this.sender);
    queue.grantReceive(this.receiver);
    queue.grantReceive(this.other);
    if (queue.deadLetterQueueName !== undefined) queue.grantReceiveDeadLetters(this.receiver);
  }

  private addQueues(): void {
    const expires = this.can(MessageSemantic.EXPIRED_DEAD_LETTERS) ? {} : { deadLetters: false };
    this.queue('jobs', {});
    this.queue('poison', { deliveryLimit: 3 });
    this.queue('calm', { deadLetters: false, retry: { initial: Duration.seconds(4), maximum: Duration.seconds(8) } }, MessageSemantic.RETRY_BACKOFF);
    this.queue('brief', { messageTtl: this.change === 'before' ? Duration.seconds(2) : Duration.minutes(10), ...expires }, MessageSemantic.KEPT_UNTIL_RECEIVED);
    this.queue('short', { maxLength: 2 }, MessageSemantic.MAX_LENGTH, MessageSemantic.REJECT_NEW);
    this.queue('recent', { maxLength: 2, overflow: Overflow.DROP_OLDEST, ...expires }, MessageSemantic.MAX_LENGTH, MessageSemantic.DROP_OLDEST);
    this.queue('small', { maxSize: Size.kibibytes(8), deadLetters: false }, MessageSemantic.MAX_SIZE, MessageSemantic.REJECT_NEW);
    this.queue('urgent', { maxPriority: 9 }, MessageSemantic.PRIORITY);
    this.queue('later', { delays: [Duration.seconds(3)] }, MessageSemantic.DELAY);
    this.queue('once', { deduplicationWindow: Duration.minutes(1) }, MessageSemantic.DEDUPLICATION);
    this.queue('alone', { singleActiveConsumer: true }, MessageSemantic.SINGLE_ACTIVE_CONSUMER);
  }

  private addTopics(): void {
    const { messageTtl } = this.usual;
    const subscriber = { deadLetters: false, acknowledgementTimeout: Duration.seconds(3) };
    const news = new BrokeredTopic(this.application, 'news', { broker: this.broker, messageTtl });
    news.grantPublish(this.sender);
    news.subscribe(this.receiver, subscriber);
    news.subscribe(this.other, subscriber);
    if (this.change === 'after') news.subscribe(this.sender, { ...subscriber, group: 'late', prefix: 'LATE' });
    if (this.can(MessageSemantic.ROUTING_BY_KEY)) {
      const keyed = new BrokeredTopic(this.application, 'keyed', { broker: this.broker, messageTtl });
      keyed.grantPublish(this.sender);
      keyed.subscribe(this.receiver, { ...subscriber, filter: 'order.*.eu' });
      keyed.subscribe(this.other, { ...subscriber, filter: 'order.#' });
    }
    if (this.can(MessageSemantic.ROUTING_BY_HEADER)) {
      const labelled = new BrokeredTopic(this.application, 'labelled', { broker: this.broker, messageTtl });
      labelled.grantPublish(this.sender);
      labelled.subscribe(this.receiver, { ...subscriber, headers: { kind: 'letter', region: 'eu' } });
    }
  }

  private addStreams(): void {
    const log = new EventStream(this.application, 'log', { broker: this.broker });
    log.grantPublish(this.sender);
    log.grantRead(this.receiver);
    log.grantRead(this.other, { startFrom: StartFrom.offset(3), prefix: 'LOG_OFFSET' });
    if (this.can(MessageSemantic.PARTITIONS)) {
      const ordered = new EventStream(this.application, 'ordered', { broker: this.broker, partitions: 3 });
      ordered.grantPublish(this.sender);
      ordered.grantRead(this.receiver);
    }
    if (this.can(MessageSemantic.CONSUMER_GROUPS)) {
      const grouped = new EventStream(this.application, 'grouped', { broker: this.broker });
      grouped.grantPublish(this.sender);
      grouped.grantRead(this.receiver, { group: 'readers' });
      grouped.grantRead(this.other, { group: 'readers' });
    }
    if (this.can(MessageSemantic.COMPACTION)) {
      const state = new EventStream(this.application, 'state', { broker: this.broker, compacted: true });
      state.grantPublish(this.sender);
      state.grantRead(this.receiver);
    }
  }
}

export function describeBroker(suite: BrokerSuite): void {
  const built = new Built(suite, 'before');
  const statement = (sentence: string, needs: MessageSemantic[], run: () => Promise<void>) => {
    if (built.can(...needs)) it(sentence, run);
  };
  const now = () => Date.now();

  describeLive(`messages on ${suite.name}`, engine => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = engine.application(built.application);
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
      if (built.can(MessageSemantic.EXPIRED_DEAD_LETTERS)) expect(bodies(await m.receive('receiver', 'BRIEF_DEAD', { count: 1, seconds: 10 }))).toEqual(['late']);
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
      if (built.can(MessageSemantic.EXPIRED_DEAD_LETTERS)) {
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
      const first = m.receive('receiver', 'ALONE', { count: 20, seconds: 30 });
      await new Promise(resolve => setTimeout(resolve, 5_000));
      const second = m.receive('other', 'ALONE', { count: 1, seconds: 45 });
      await new Promise(resolve => setTimeout(resolve, 2_000));
      const sent = Array.from({ length: 20 }, (_, index) => `turn ${index}`);
      await m.send('sender', 'ALONE', ...sent);
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
      await m.send('sender', 'LABELLED', { body: 'both', key: 'any', headers: { kind: 'letter', region: 'eu' } }, { body: 'one', key: 'any', headers: { kind: 'letter' } });
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
      await deployment.kill(broker(built).workload);
      await eventually(async () => (await deployment.replicas(broker(built).workload)).every(({ healthy }) => healthy), { what: 'the broker to be healthy again', timeoutMs: 120_000 });
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['kept']);
    });

    it('outlive a change of what is declared, which takes effect', async () => {
      await m.send('sender', 'JOBS', 'over the change');
      await deployment.update(new Built(suite, 'after').application);
      expect(bodies(await m.receive('receiver', 'JOBS', { count: 1, seconds: 30 }))).toEqual(['over the change']);
      await m.send('sender', 'NEWS', { body: 'to three', key: 'paper.evening' });
      expect(await m.drain('sender', 'LATE')).toEqual(['to three']);
      if (built.can(MessageSemantic.KEPT_UNTIL_RECEIVED)) {
        await m.send('sender', 'BRIEF', 'longer');
        await new Promise(resolve => setTimeout(resolve, 3_000));
        expect(await m.drain('receiver', 'BRIEF')).toEqual(['longer']);
      }
    });
  });
}

function broker({ broker: made }: Built): { workload: string } {
  return { workload: made.endpoint.workload!.name };
}
