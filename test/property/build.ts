import {
  Application, BrokeredQueue, ConfigFile, Container, ContainerProps, DiscoverableService, Endpoint, EnvValue, Exposure, HealthCheck, Network, Protocol,
  RabbitMq, Secret, Seed,
  SharedVolume, SidecarPair, StartOrder, Task, Volume, WorkloadBase,
} from 'cdk8s-conduit';
import * as conduit from 'cdk8s-conduit';
import { Size } from 'cdk8s';
import { APPLICATION, BROKER, ContainerDescription, Description, EdgeDescription, NodeDescription, Place } from './description';

/** Brings what is defined independently of each other into some order. */
export type Order = <T>(items: T[]) => T[];

export const AS_DESCRIBED: Order = items => items;

/** An order that differs from the described one wherever there are two things to order; the same for the same `seed`. */
export function shuffled(seed: number): Order {
  let state = seed;
  return items => {
    const left = [...items].reverse();
    return items.map(() => {
      state = (state * 48271 + 11) % 2147483647;
      return left.splice(state % left.length, 1)[0];
    });
  };
}

/** Builds the described application. What stands in one list is defined in the given order. */
export function build(description: Description, order: Order = AS_DESCRIBED): Application {
  return new Builder(description).build(order);
}

class Builder {
  private readonly application = new Application(APPLICATION);
  private readonly workloads = new Map<number, WorkloadBase>();
  private readonly relations: (() => void)[] = [];
  /** Init containers run in the order in which they are added, so this order is part of what is declared. */
  private readonly ordered = new Map<string, (() => void)[]>();

  public constructor(private readonly description: Description) {}

  public build(order: Order): Application {
    const { nodes, edges, outside, networks, published, volumes, shared, files, secrets, queues, taskWaits } = this.description;
    const definitions = [
      ...nodes.map((node, number) => () => this.addNode(node, number)),
      ...networks.map(network => () => this.addNetwork(network)),
      ...volumes.map(volume => () => this.addVolume(volume)),
      ...shared.map(each => () => this.addShared(each)),
      ...files.map(file => () => this.addFile(file)),
      ...secrets.map((secret, number) => () => this.addSecret(secret, number)),
      ...queues.length > 0 ? [() => this.addQueues(order)] : [],
    ];
    for (const define of order(definitions)) define();
    edges.forEach((edge, number) => this.relations.push(() => this.connect(edge, number)));
    outside.forEach(({ from, host, port, udp, addresses }, number) => this.relations.push(() => {
      const endpoint = Endpoint.external(host, port, { protocol: udp ? Protocol.UDP : Protocol.TCP, addresses });
      this.at(from).connectTo(endpoint, { prefix: `OUTSIDE_${number}` });
    }));
    for (const { node, port, hostPort, everyone } of published) {
      const exposure = everyone ? Exposure.everyoneOnTheInternet() : Exposure.thisMachine();
      this.relations.push(() => { (this.workloads.get(node) as conduit.Workload).publish({ portName: port.name, hostPort, exposure, prefix: `PUBLIC_${hostPort}` }); });
    }
    for (const { node, task } of taskWaits) this.relations.push(() => this.workloads.get(node)!.waitFor(this.workloads.get(task) as Task));
    for (const relate of [...order(this.relations), ...shared.flatMap(({ name }) => this.ordered.get(name) ?? [])]) relate();
    return this.application;
  }

  private at({ node, container }: Place): Container {
    const { name } = this.description.nodes[node].containers[container];
    return this.workloads.get(node)!.containers.find(found => found.name === name)!;
  }

  private addNode(node: NodeDescription, number: number): void {
    const { name, replicas, stable, clustered } = node;
    const [main, ...others] = node.containers.map(propsOf);
    if (node.kind === 'pair') {
      const startOrder = node.containers[1].role === 'companion' ? StartOrder.MAIN_FIRST : StartOrder.SIDECAR_FIRST;
      const pair = new SidecarPair(this.application, name, { main, sidecar: others[0], replicas, startOrder, sharedDirectory: '/pair' });
      this.workloads.set(number, pair.workload);
      return;
    }
    const workload = node.kind === 'task' ? new Task(this.application, name, { ...main, completionCheck: node.completionCheck }) :
      node.kind === 'service' ? new DiscoverableService(this.application, name, { ...main, replicas, stable, clustered }).workload :
        new conduit.Workload(this.application, name, { ...main, replicas, stable, clustered });
    node.containers.slice(1).forEach((container, each) => {
      if (container.role === 'init' || workload instanceof Task) workload.addInitContainer(container.name, others[each]);
      else if (container.role === 'sidecar') workload.addSidecar(container.name, others[each]);
      else workload.addCompanion(container.name, others[each]);
    });
    this.workloads.set(number, workload);
  }

  private connect({ from, to, waits }: EdgeDescription, number: number): void {
    const server = this.workloads.get(to.node)!;
    const endpoint = to.member === undefined ? server.endpoint(to.port.name) : (server as conduit.Workload).memberEndpoint(to.member, to.port.name);
    this.at(from).connectTo(endpoint, { prefix: `EDGE_${number}`, waits });
  }

  private addNetwork({ name, members }: Description['networks'][number]): void {
    const network = new Network(this.application, `network-${name}`, { name });
    for (const member of members) this.relations.push(() => network.add(this.workloads.get(member)!));
  }

  private addVolume({ name, placement, mounts }: Description['volumes'][number]): void {
    const volume = new Volume(this.application, `volume-${name}`, {
      name,
      size: Size.mebibytes(64),
      persistent: placement === 'scratch' || placement === 'per member' ? undefined : true,
      perMember: placement === 'per member',
      sharedStorageClass: placement === 'many machines' ? 'shared' : undefined,
    });
    for (const mount of mounts) {
      this.relations.push(() => this.at(mount).mountVolume(volume, mount.path, { readOnly: mount.readOnly, subdirectory: mount.directory }));
    }
  }

  private addShared({ name, kind, writers, readers }: Description['shared'][number]): void {
    const volume = new SharedVolume(this.application, name, {
      directoryPerWriter: kind === 'logs',
      files: kind === 'files' ? { 'one.txt': 'one', 'more/two.txt': '$two' } : undefined,
      seed: kind === 'seed' ? Seed.fromImage('example.test/site:1.0.0', '/site') : undefined,
    });
    for (const writer of writers) this.relations.push(() => volume.grantWrite(this.workloads.get(writer)!, `/shared/${name}`));
    const grants = readers.map(reader => () => volume.grantRead(this.workloads.get(reader)!, `/shared/${name}`));
    if (kind === 'seed') this.ordered.set(name, grants);
    else this.relations.push(...grants);
  }

  private addFile({ name, content, mounts }: Description['files'][number]): void {
    const file = new ConfigFile(this.application, `file-${name}`, { name, content, path: `/etc/files/${name}` });
    for (const place of mounts) this.relations.push(() => this.at(place).mountConfigFile(file));
  }

  private addSecret({ name, key, uses }: Description['secrets'][number], number: number): void {
    const secret = new Secret(this.application, `secret-${name}`, { name, key });
    for (const use of uses) {
      this.relations.push(() => {
        const container = this.at(use);
        if (use.how === 'file') container.mountSecret(secret);
        else if (use.how === 'path variable') container.setEnv(`SECRET_${number}_FILE`, EnvValue.secretFile(secret));
        else container.setEnv(`SECRET_${number}`, EnvValue.secret(secret));
      });
    }
  }

  private addQueues(order: Order): void {
    const broker = new RabbitMq(this.application, BROKER);
    const define = this.description.queues.map(({ name, deadLetters, grants }, number) => () => {
      const queue = new BrokeredQueue(this.application, `queue-${number}`, { broker, queueName: name, deadLetters });
      for (const grant of grants) {
        const prefix = `QUEUE_${number}_${grant.right.toUpperCase().replaceAll(' ', '_')}`;
        this.relations.push(() => {
          const client = this.at(grant);
          if (grant.right === 'send') queue.grantSend(client, { prefix, declares: grant.declares });
          else if (grant.right === 'receive') queue.grantReceive(client, { prefix, declares: grant.declares });
          else queue.grantReceiveDeadLetters(client, { prefix, declares: grant.declares });
        });
      }
    });
    for (const each of order(define)) each();
  }
}

function propsOf({ ports, env, args, health, writable, uid }: ContainerDescription): ContainerProps {
  const tcp = ports.find(port => !port.udp);
  return {
    image: 'example.test/program:1.0.0',
    args,
    uid,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, EnvValue.literal(value)])),
    ports: ports.map(({ name, number, udp }) => ({ name, number, protocol: udp ? Protocol.UDP : undefined })),
    health: health === 'command' ? HealthCheck.command(['check', '$$']) : health === 'http' && tcp ? HealthCheck.http(tcp.number, '/up?$x') : undefined,
    writablePaths: writable ? ['/tmp', '/var/cache'] : undefined,
  };
}
