import {
  Application, ConfigFile, Connection, Deviation, FidelityLevel, FidelityReport, ILowering, ITarget, LoadBalancer, Network, Primitive, Scaling, Secret,
  TargetOutput, Task, Volume, Workload, WorkloadBase,
} from 'cdk8s-conduit';

const FILES: Deviation = {
  level: FidelityLevel.OMITTED,
  feature: 'config files and secrets',
  reason: 'the graph shows who talks to whom, and who shares storage and networks; what stands in a file is no part of that',
};

/** Who talks to whom, as a graph. */
export class Graphviz implements ITarget {
  public readonly name = 'Graphviz';
  public readonly runs = false;
  public readonly deviations = [FILES];

  public render(application: Application): TargetOutput {
    const graph = new Graph(new FidelityReport(this.name, application));
    application.lower(graph);
    graph.fidelity.throwIfRefused();
    const lines = [...graph.lines, ...new Set(application.connections.map(edge))];
    return { files: { [`graphviz/${application.name}.dot`]: `digraph {\n${lines.join('\n')}\n}\n` }, fidelity: graph.fidelity.entries };
  }
}

/** What stands on the graph, and what belongs together without a connection. */
class Graph implements ILowering {
  public readonly lines: string[] = [];

  public constructor(public readonly fidelity: FidelityReport) {}

  public lowerWorkload(workload: Workload): void {
    this.draw(workload, workload.name, 'box');
  }

  public lowerTask(task: Task): void {
    this.draw(task, task.name, 'cds');
  }

  public lowerVolume(volume: Volume): void {
    this.draw(volume, `volume ${volume.name}`, 'cylinder');
    for (const user of new Set(volume.mounts.map(({ container }) => container.workload.name))) this.join(user, `volume ${volume.name}`);
  }

  public lowerNetwork(network: Network): void {
    this.draw(network, `network ${network.name}`, 'diamond');
    for (const member of network.members) this.join(member.name, `network ${network.name}`);
  }

  public lowerLoadBalancer(balancer: LoadBalancer): void {
    this.draw(balancer, balancer.name, 'trapezium');
    for (const { name } of balancer.workloads) this.lines.push(`  "${balancer.name}" -> "${name}"`);
  }

  public lowerScaling(scaling: Scaling): void {
    this.draw(scaling, `scaling ${scaling.name}`, 'note');
    this.join(scaling.workload.name, `scaling ${scaling.name}`);
  }

  public lowerConfigFile(file: ConfigFile): void {
    this.fidelity.deviate(file.node.path, FILES);
  }

  public lowerSecret(secret: Secret): void {
    this.fidelity.deviate(secret.node.path, FILES);
  }

  private draw({ node }: Primitive | WorkloadBase, name: string, shape: string): void {
    this.fidelity.add(node.path);
    this.lines.push(`  "${name}" [shape=${shape}]`);
  }

  private join(name: string, other: string): void {
    this.lines.push(`  "${name}" -> "${other}" [dir=none]`);
  }
}

function edge({ client, endpoint, flow }: Connection): string {
  const label = [flow.action, ...flow.channel === undefined ? [] : [flow.channel], `${endpoint.port}/${endpoint.protocol}`].join(' ');
  return `  "${client.clientName}" -> "${endpoint.workload?.name ?? endpoint.host}" [label="${label}"]`;
}
