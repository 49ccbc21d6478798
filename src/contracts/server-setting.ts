import { Construct } from 'constructs';
import type { IServerFactory } from './server-contract';
import type { Granted, Subject } from './subject';
import { Application } from '../model/application';
import { Workload } from '../model/workload';
import type { IServer } from '../servers/server';

/** Clients, and to what each of them gets access: several to one channel, and one to several. */
const GRANTS: [string, string][] = [['seller', 'orders'], ['packer', 'orders'], ['packer', 'returns']];

/** A server in an application, with clients for it. */
export class ServerSetting implements Subject {
  public readonly server: IServer;
  public readonly granted: Granted[] = [];
  private readonly scope: Construct;
  private readonly workloads = new Map<string, Workload>();

  public constructor(private readonly factory: IServerFactory, public readonly application = new Application('contract'), id?: string) {
    this.server = factory.makeServer(application, id ?? 'server');
    this.scope = id === undefined ? application : new Construct(application, `${id}-users`);
  }

  public get clients(): string[] {
    return [...this.workloads.values()].map(({ name }) => name);
  }

  public addStranger(): void {
    this.client('stranger');
  }

  public grantAll(backwards = false): void {
    for (const [id, channel] of backwards ? [...GRANTS].reverse() : GRANTS) {
      const client = this.client(id);
      const before = Object.keys(client.main.env);
      this.factory.grantAccess(this.server, client, channel);
      this.granted.push(this.findGranted(client, channel, before));
    }
  }

  private client(id: string): Workload {
    const client = this.workloads.get(id) ?? new Workload(this.scope, id, { image: 'registry.example/contract/client:1.0.0' });
    this.workloads.set(id, client);
    return client;
  }

  /** What the client was told that it was not told before. */
  private findGranted({ node, main, tasks }: Workload, channel: string, before: string[]): Granted {
    const { env } = main;
    const users = Object.keys(env).filter(name => name.endsWith('_USER') && !before.includes(name));
    const [user] = users;
    const secret = user === undefined ? undefined : env[user.replace(/_USER$/, '_PASSWORD_FILE')]?.fileOf;
    if (users.length !== 1 || env[user].text === undefined || !secret) {
      throw new Error(`contract of ${this.server.product}: a grant must tell '${node.path}' one <PREFIX>_USER with its <PREFIX>_PASSWORD_FILE, got ${users.join(', ') || 'none'}`);
    }
    return { userName: env[user].text, secret: secret.name, names: [channel], task: tasks[0] };
  }
}
