// A client of any broker, as the tests use it.
import { join } from 'node:path';
import type { Deployment } from '../deployment';

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
  writablePaths: ['/tmp'],
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

  public async attempt(workload: string, prefix: string, action: 'send' | 'receive' | 'answer', target: string): Promise<string> {
    return (await this.run(workload, 'attempt', prefix, { action, target }))[0];
  }

  /** Whether a client that has other authorities, or uses no TLS, sends a message to the broker. */
  public async trust(workload: string, prefix: string, authority: string): Promise<string> {
    return (await this.run(workload, 'trust', prefix, { ca_file: authority }))[0];
  }

  /** Sends `count` messages, each until it is confirmed, and tells how many were. */
  public async flood(workload: string, prefix: string, count: number): Promise<number> {
    return Number((await this.run(workload, 'flood', prefix, { count }, 300_000))[0]);
  }

  /** Says to a workload that collects that all is sent. */
  public async over(workload: string, prefix: string): Promise<void> {
    await this.run(workload, 'over', prefix, {});
  }

  /** Receives until nothing came for some time after all was sent, or the receiver is killed, and tells bodies of all that came. */
  public async collect(workload: string, prefix: string, seconds: number): Promise<string[]> {
    const { stdout, stderr } = await this.deployment().tryExec({ workload, timeoutMs: 300_000 }, ...this.words('collect', prefix, { seconds }));
    if (stderr) process.stderr.write(`${workload}: ${stderr}\n`);
    return stdout.split('\n').filter(Boolean);
  }

  private async run(workload: string, command: string, prefix: string, json: unknown, timeoutMs?: number): Promise<string[]> {
    const written = await this.deployment().exec({ workload, timeoutMs }, ...this.words(command, prefix, json));
    return written.split('\n').filter(Boolean);
  }

  private words(command: string, prefix: string, json: unknown): string[] {
    return ['python', 'messages.py', this.client, command, prefix, JSON.stringify(json)];
  }
}

export const bodies = (deliveries: Delivery[]) => deliveries.map(({ body }) => body);
