import { Construct } from 'constructs';
import { Application } from './application';
import type { ILowering } from './lowering';
import type { WorkloadBase } from './workload-base';
import { isDnsLabel, kebabCase } from '../private/names';
import { Problems } from '../private/problems';

/** Options that all primitives have. */
export interface PrimitiveProps {
  /**
   * Name on every target: a DNS label, unique among primitives of its kind.
   * @default - the ids on the path from the application, without `Default`, joined by hyphens
   */
  readonly name?: string;
}

/** One of the few things that every target knows how to make. */
export abstract class Primitive extends Construct {
  /** Name on every target. */
  public readonly name: string;
  /** The application that this belongs to. */
  public readonly application: Application;

  /** @param limit most characters of the name */
  protected constructor(scope: Construct, id: string, props: PrimitiveProps, limit: number) {
    super(Application._openScope(scope, id), id);
    this.application = Application.of(this);
    const name = props.name ?? nameFromPath(this);
    this.name = this.isNamed(name, limit, props.name !== undefined) ? name : `misnamed-${nameFromPath(this)}`;
  }

  /** Workloads that must be healthy, and tasks that must have completed, before this starts. What does not run waits for nothing. */
  public get startsAfter(): WorkloadBase[] {
    return [];
  }

  /** Hands this primitive to the method of `lowering` that is meant for it. */
  public abstract lowerTo(lowering: ILowering): void;

  /**
   * Names that no other primitive may have, each behind the kind of name that it is.
   * @internal
   */
  public abstract _claimedNames(): string[];

  /**
   * What has a meaning of its own in place of the name; undefined if nothing has.
   * @internal
   */
  protected _findNameProblem(name: string): string | undefined {
    return name.startsWith('conduit-') ? `names that begin with 'conduit-' are kept for what the library adds, got '${name}'; choose another id or set 'name'` : undefined;
  }

  /** Keeps what is wrong with a name. An id may spoil how the names of many begin, and is told once. */
  private isNamed(name: string, limit: number, given: boolean): boolean {
    const problems = new Problems(this.node.path);
    const isLabel = problems.check(isDnsLabel(name, limit), `the name must be at most ${limit} lower-case letters, digits and hyphens, `
      + `beginning with a letter, got '${name}'; choose another id or set 'name'`);
    const problem = isLabel ? this._findNameProblem(name) : undefined;
    problems.check(problem === undefined, problem!);
    if (problems.messages.length === 0) return true;
    const spoilt = given || (/^[a-z]/.test(name) && !isLabel) ? this : this.node.scopes[1];
    if (this.application._isFirstMisnamed(spoilt)) Application._keep(this, problems);
    return false;
  }
}

/** The ids below the application, as one name; `Default` drops out, as it does in addresses. */
function nameFromPath(primitive: Primitive): string {
  return primitive.node.scopes.slice(1).map(scope => scope.node.id).filter(id => id !== 'Default').map(kebabCase).join('-');
}
