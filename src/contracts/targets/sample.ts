import type { Construct } from 'constructs';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { Endpoint, Protocol } from '../../model/endpoint';
import { EnvValue } from '../../model/env-value';
import { LoadBalancer } from '../../model/load-balancer';
import { Network } from '../../model/network';
import { Primitive } from '../../model/primitive';
import { Privileges } from '../../model/privileges';
import { Secret } from '../../model/secret';
import { Task } from '../../model/task';
import { Volume } from '../../model/volume';
import { RestartPolicy, Workload, WorkloadProps } from '../../model/workload';

const IMAGE = 'registry.example/contract/program:1.0.0';
const HTTP = { name: 'http', number: 8080 };

/** An application with a server, a client of nothing, and a task, to which a target is shown more and more. */
export class Sample {
  public readonly application = new Application('contract');
  public readonly server: Workload;
  public readonly client: Workload;
  public readonly task: Task;

  public constructor(elements: Element[] = []) {
    this.server = this.workload('server', { ports: [HTTP, { name: 'metrics', number: 9090 }, { name: 'dns', number: 53, protocol: Protocol.UDP }] });
    this.client = this.workload('client');
    this.task = new Task(this.application, 'task', { image: IMAGE, completionCheck: ['test', '-e', '/done'] });
    for (const element of elements) element.declare(this, `e${ELEMENTS.indexOf(element)}`); // the same id in whatever order
  }

  public workload(id: string, props: Partial<WorkloadProps> = {}): Workload {
    return new Workload(this.application, id, { image: IMAGE, ...props });
  }

  /** Storage of several workloads, which is there once one of them uses it. */
  public get shared(): Volume {
    return this.application.node.tryFindChild('shared') as Volume | undefined ?? new Volume(this.application, 'shared');
  }
}

/** Something that a program may declare. */
export interface Element {
  /** What it is, with its article. */
  readonly what: string;
  /** Whether a target that runs nothing must show it, or say that it leaves it out. */
  readonly isShown: boolean;
  /**
   * Declares it; twice with two ids in one application, where that is asked for.
   * @returns the construct of which a target has to say how truly it is done
   */
  readonly declare: (sample: Sample, id: string) => Construct;
}

const shown = (what: string, declare: Element['declare']): Element => ({ what, isShown: true, declare });
const taken = (what: string, declare: Element['declare']): Element => ({ what, isShown: false, declare });
const ofWorkload = (what: string, props: Partial<WorkloadProps>) => taken(what, (sample, id) => sample.workload(`${id}-server`, props));

/** Each primitive, each kind of edge, and what targets do in ways of their own. */
export const ELEMENTS: Element[] = [
  shown('a workload', (sample, id) => sample.workload(`${id}-workload`)),
  shown('a task', ({ application }, id) => new Task(application, `${id}-task`, { image: IMAGE })),
  shown('a volume', ({ application, server }, id) => {
    const volume = new Volume(application, `${id}-volume`);
    server.main.mountVolume(volume, `/${id}`);
    return volume;
  }),
  shown('a config file', ({ application, client }, id) => {
    const file = new ConfigFile(application, `${id}-file`, { path: `/etc/${id}.conf`, content: 'a = 1\n' });
    client.main.mountConfigFile(file);
    return file;
  }),
  shown('a secret', ({ application, client }, id) => {
    const secret = new Secret(application, `${id}-secret`);
    client.main.mountSecret(secret);
    return secret;
  }),
  shown('a network', ({ application, client, task }, id) => {
    const network = new Network(application, `${id}-network`);
    for (const member of [client, task]) network.add(member);
    return network;
  }),
  shown('a load balancer', (sample, id) => {
    const balancer = new LoadBalancer(sample.application, `${id}-entry`);
    const hostPort = 20_000 + [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0); // one of its own
    sample.workload(`${id}-balanced`, { ports: [HTTP], replicas: 2 }).publish({ balancer, hostPort });
    return balancer;
  }),
  shown('a number of replicas that follows a backlog', (sample, id) => {
    const [endpoint, password] = [sample.server.endpoint('http'), new Secret(sample.application, `${id}-password`)];
    const backlog = { protocol: 'amqp', values: { queueName: 'letters' } };
    return sample.workload(`${id}-scaled`).scaleBy({ backlog, targetBacklog: 10, endpoint, userName: 'reader', password }, { max: 3 });
  }),
  shown('a connection of a workload', ({ client, server }, id) => {
    client.connectTo(server.endpoint('http'), { prefix: `${id}_HTTP` });
    return client;
  }),
  shown('a connection to another port', ({ client, server }, id) => {
    client.connectTo(server.endpoint('metrics'), { prefix: `${id}_METRICS`, waits: false });
    return client;
  }),
  shown('a connection by UDP', ({ client, server }, id) => {
    client.connectTo(server.endpoint('dns'), { prefix: `${id}_DNS` });
    return client;
  }),
  shown('a connection of a task', ({ task, server }, id) => {
    task.connectTo(server.endpoint('http'), { prefix: `${id}_SERVER` });
    return task;
  }),
  shown('a connection to an external endpoint', ({ server }, id) => {
    server.connectTo(Endpoint.external(`${id}.example.com`, 443, { addresses: ['192.0.2.0/24'] }), { prefix: `${id}_OUTSIDE` });
    return server;
  }),
  shown('storage that one workload writes to', (sample, id) => {
    sample.server.main.mountVolume(sample.shared, `/${id}`);
    return sample.shared;
  }),
  shown('storage that another workload reads', (sample, id) => {
    sample.client.main.mountVolume(sample.shared, `/${id}`, { readOnly: true });
    return sample.shared;
  }),
  taken('waiting for a task', ({ client, task }) => { client.waitFor(task); return client; }),
  taken('waiting for a task of which nothing tells that it is done', (sample, id) => {
    const waiting = sample.workload(`${id}-waiting`);
    waiting.waitFor(new Task(sample.application, `${id}-silent`, { image: IMAGE }));
    return waiting;
  }),
  taken('an init container', (sample, id) => sample.workload(`${id}-prepared`).addInitContainer('prepare', { image: IMAGE }).workload),
  taken('a sidecar', (sample, id) => sample.workload(`${id}-main`).addSidecar('sidecar', { image: IMAGE }).workload),
  taken('a companion', (sample, id) => sample.workload(`${id}-first`).addCompanion('companion', { image: IMAGE }).workload),
  ofWorkload('several replicas', { replicas: 3, ports: [HTTP] }),
  ofWorkload('members with names of their own', { replicas: 3, stable: true, ports: [HTTP] }),
  ofWorkload('members that reach each other', { replicas: 3, stable: true, clustered: true, ports: [HTTP] }),
  ofWorkload('a restart on failure only', { restart: RestartPolicy.ON_FAILURE }),
  ofWorkload('a stop signal', { stopSignal: 'SIGQUIT' }),
  ofWorkload('a start as root', { privileges: Privileges.rootThenDrop({ reason: 'it gives its files away' }) }),
  ofWorkload('writable paths', { writablePaths: ['/tmp'] }),
  taken('a secret as the value of a variable', (sample, id) => sample.workload(`${id}-telling`, {
    env: { KEY: EnvValue.secret(new Secret(sample.application, `${id}-key`)) },
  })),
  taken('storage of many machines', (sample, id) => {
    const volume = new Volume(sample.application, `${id}-many`, { sharedStorageClass: 'shared' });
    sample.workload(`${id}-replicas`, { replicas: 2 }).main.mountVolume(volume, '/many');
    return volume;
  }),
  taken('storage of each member', (sample, id) => {
    const volume = new Volume(sample.application, `${id}-data`, { perMember: true });
    sample.workload(`${id}-members`, { replicas: 2, stable: true }).main.mountVolume(volume, '/data');
    return volume;
  }),
  taken('the DNS suffix in a config file', ({ application }, id) =>
    new ConfigFile(application, `${id}-names`, { path: `/etc/${id}-names.conf`, content: `server a${ConfigFile.DNS_SUFFIX};` })),
];

/** Primitives of an application, in the order of their paths. */
export function primitivesOf(application: Application): Primitive[] {
  return application.node.findAll().filter(construct => construct instanceof Primitive);
}
