import type { Construct } from 'constructs';
import { Application } from './application';
import { checkWords } from './container-check';
import type { ContainerProps } from './container-props';
import type { ILowering } from './lowering';
import { WorkloadBase } from './workload-base';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';

/** Options of a task. */
export interface TaskProps extends ContainerProps {
  /**
   * Name on every target: a DNS label.
   * @default - the ids on the path from the application, without `Default`, joined by hyphens
   */
  readonly name?: string;
  /**
   * How often a failed run is tried again.
   * @default 6
   */
  readonly retries?: number;
  /**
   * Command that succeeds once the task's work is done. It is run, without a shell, from the task's image but with the files, volumes and connections
   * of whoever waits. Of its variables there are those that tell of connections and grants. Needed on targets where nothing may watch the task itself.
   * @default - nothing but the task's end tells
   */
  readonly completionCheck?: string[];
}

/**
 * A program that runs to completion; others can wait for it.
 * It must be idempotent, and safe to run beside an earlier version of itself.
 */
export class Task extends WorkloadBase {
  public readonly replicas: number = 1;
  public readonly hasMembers: boolean = false;
  /** How often a failed run is tried again. */
  public readonly retries: number;
  /** Command that succeeds once the task's work is done. */
  public readonly completionCheck?: string[];

  public constructor(scope: Construct, id: string, props: TaskProps) {
    checkCall(new.target, 'Task', arguments);
    super(scope, id, props, { ...props, ports: props.ports ?? [] }); // whatever the image serves, a task does not
    this.retries = props.retries ?? 6;
    this.completionCheck = props.completionCheck && [...props.completionCheck];
    const problems = new Problems(this.node.path);
    problems.check(Number.isInteger(this.retries) && this.retries >= 0 && this.retries < 2 ** 31, `'retries' must be a whole number from 0 to ${2 ** 31 - 1}, got ${this.retries}`);
    problems.check(this.completionCheck?.length !== 0, "'completionCheck' must have at least one word; leave it out if there is none");
    checkWords("'completionCheck'", this.completionCheck, problems);
    problems.check(this.ports.length === 0, "nothing can connect to a task, so it has no 'ports'; use a Workload");
    Application._keep(this, problems);
    this.application._register(this);
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Task.lowerTo', arguments);
    lowering.lowerTask(this);
  }
}
