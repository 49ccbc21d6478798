import { Construct } from 'constructs';
import { Application } from './application';
import type { ILowering } from './lowering';
import type { WorkloadBase } from './workload-base';
import { isDnsLabel, kebabCase } from '../private/names';
import { placeOf } from '../private/place';

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

  /**
   * @param limit most characters of the name
   * @throws if the name is no DNS label.
   */
  protected constructor(scope: Construct, id: string, props: PrimitiveProps, limit: number) {
    super(Application._openScope(scope, id), id);
    this.application = Application.of(this);
    this.name = props.name ?? nameFromPath(this);
    if (!isDnsLabel(this.name, limit)) {
      throw new Error(`${placeOf(this.node.path)}: the name must be at most ${limit} lower-case letters, digits and hyphens, `
        + `beginning with a letter, got '${this.name}'; choose another id or set 'name'`);
    }
    if (this.name.startsWith('conduit-')) {
      throw new Error(`${placeOf(this.node.path)}: names that begin with 'conduit-' are kept for what the library adds, got '${this.name}'; choose another id or set 'name'`);
    }
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

}

/** The ids below the application, as one name; `Default` drops out, as it does in addresses. */
function nameFromPath(primitive: Primitive): string {
  return primitive.node.scopes.slice(1).map(scope => scope.node.id).filter(id => id !== 'Default').map(kebabCase).join('-');
}
