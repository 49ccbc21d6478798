import type { Construct } from 'constructs';
import type { IProgram } from './client';
import type { ILowering } from './lowering';
import { Primitive } from './primitive';
import type { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** Options of a network. */
export interface NetworkProps {
  /**
   * Name on every target: a DNS label.
   * @default - the ids on the path from the application, without `Default`, joined by hyphens
   */
  readonly name?: string;
}

/**
 * A group of workloads that reach each other by name, on every port that they declare. It sets no variables, and nobody
 * waits: an edge says more, so connect two workloads by `connectTo` where one of them needs the other.
 */
export class Network extends Primitive {
  private readonly _members = new Set<WorkloadBase>();

  /** The name is a DNS label of at most 50 characters. */
  public constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    checkCall(new.target, 'Network', arguments);
    super(scope, id, props, 50); // leaves room for a label that begins with another word
    this.node.addValidation({ validate: () => this._members.size > 0 ? [] : ['the network has no members; add a workload, or remove it'] });
    this.application._register(this);
  }

  /** Workloads and tasks on the network, in the order of their names. */
  public get members(): WorkloadBase[] {
    return [...this._members].sort((a, b) => byText(a.name, b.name));
  }

  /**
   * Puts a program, and the workload that it is a part of, on the network. Replicas of one workload reach each other, too.
   */
  public add(program: IProgram): void {
    checkCall(this, 'Network.add', arguments);
    const { workload } = program.toContainer();
    if (workload._join(this)) this._members.add(workload);
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Network.lowerTo', arguments);
    lowering.lowerNetwork(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`network ${this.name}`];
  }
}
