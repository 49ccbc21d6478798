import type { Construct } from 'constructs';
import { Exposure } from './exposure';
import type { ILowering } from './lowering';
import { Primitive } from './primitive';
import type { PublishedPort } from './published-port';
import type { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** Options of a load balancer. */
export interface LoadBalancerProps {
  /**
   * Name on every target: a DNS label.
   * @default - the ids on the path from the application, without `Default`, joined by hyphens
   */
  readonly name?: string;
  /**
   * Who may come, to every port.
   * @default Exposure.thisMachine()
   */
  readonly exposure?: Exposure;
  /**
   * Name, or IPv4 address, under which clients know it.
   * @default - localhost for this machine alone, the address if one of the host was given, otherwise unknown
   */
  readonly publicHost?: string;
}

/**
 * One entry for all replicas of a workload, or of several: `proxy.publish({ balancer: entry })`. Each connection goes to one that is healthy.
 * It passes on bytes, whatever they mean, so TLS and requests are for what stands behind it.
 */
export class LoadBalancer extends Primitive {
  /** Who may come, to every port. */
  public readonly exposure: Exposure;
  /** Name or address under which clients know it; undefined where that follows from the exposure, or only whoever runs the application knows it. */
  public readonly publicHost?: string;

  private readonly published = new Set<PublishedPort>();

  public constructor(scope: Construct, id: string, props: LoadBalancerProps = {}) {
    checkCall(new.target, 'LoadBalancer', arguments);
    super(scope, id, props, 52); // leaves room for a label that begins with another word
    this.exposure = props.exposure ?? Exposure.thisMachine();
    this.publicHost = props.publicHost;
    this.node.addValidation({ validate: () => this.findProblems() });
    this.application._register(this);
  }

  /** Ports of workloads that clients reach through it, in the order of the numbers at which they come in, and of the workloads. */
  public get ports(): PublishedPort[] {
    return [...this.published].sort((a, b) => a.hostPort - b.hostPort || byText(keyOf(a), keyOf(b)));
  }

  /** Workloads that stand behind it, in the order of their names. */
  public get workloads(): WorkloadBase[] {
    return [...new Set(this.ports.map(({ endpoint }) => endpoint.workload!))].sort((a, b) => byText(a.name, b.name));
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'LoadBalancer.lowerTo', arguments);
    lowering.lowerLoadBalancer(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`host ${this.name}`];
  }

  /** @internal */
  public _add(port: PublishedPort): void {
    this.published.add(port);
  }

  /** What leads to several workloads finds them by the name of their port, so a number has one name, and a name has one number. */
  private findProblems(): string[] {
    if (this.published.size === 0) return ["nothing stands behind the load balancer; publish a port with 'balancer', or remove it"];
    const first = new Map<string, PublishedPort>();
    return this.ports.flatMap(port => {
      const { endpoint: { portName, protocol }, hostPort } = port;
      const [byNumber, byName] = [`${protocol} ${hostPort}`, portName].map(key => first.get(key) ?? first.set(key, port).get(key)!);
      if (byNumber.endpoint.portName !== portName) {
        return [`${protocol} port ${hostPort} leads to ports named ${describe(byNumber)} and ${describe(port)}; name both alike, or give one of them another 'hostPort'`];
      }
      return byName.hostPort === hostPort ? [] : [`port ${describe(byName)} is behind ${byName.hostPort}, and ${describe(port)} behind ${hostPort}; name one of them otherwise, or give it another LoadBalancer`];
    });
  }
}

function keyOf({ endpoint: { workload, protocol, portName } }: PublishedPort): string {
  return [workload!.name, protocol, portName].join(' ');
}

function describe({ endpoint: { portName, workload } }: PublishedPort): string {
  return `'${portName}' of '${workload!.name}'`;
}
