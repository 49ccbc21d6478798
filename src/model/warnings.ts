import type { IConstruct } from 'constructs';
import { checkCall } from '../private/check-call';

/** Something that works, and may not be meant. */
export interface Warning {
  /** Name of its kind, by which it is acknowledged, such as `queue-without-receiver`. */
  readonly id: string;
  /** Path of the construct. */
  readonly path: string;
  /** What was given, and what to do. */
  readonly message: string;
}

const WARNING = 'cdk8s-conduit:warning';
const ACKNOWLEDGED = 'cdk8s-conduit:acknowledged';

/**
 * Warnings of a construct, and of all below it. Whoever writes the output of an application tells them on the standard error, together and once.
 * They are metadata of the construct tree, where other tools find them.
 */
export class Warnings {
  /** The warnings of a construct. */
  public static of(construct: IConstruct): Warnings {
    checkCall(this, 'Warnings.of', arguments);
    return new Warnings(construct);
  }

  /**
   * All that nobody acknowledged, in the order of the tree.
   * @internal
   */
  public static _in(constructs: IConstruct[]): Warning[] {
    return constructs.flatMap(({ node }) => {
      const found = new Map(node.metadata.filter(({ type }) => type === WARNING).map(({ data }) => [`${data.id} ${data.message}`, data]));
      if (found.size === 0) return [];
      const acknowledged = node.scopes.flatMap(scope => scope.node.metadata.filter(({ type }) => type === ACKNOWLEDGED).map(({ data }) => data));
      return [...found.values()].filter(({ id }) => !acknowledged.includes(id)).map(({ id, message }): Warning => ({ id, path: node.path, message }));
    });
  }

  /** Path of the construct. */
  public readonly path: string;

  private constructor(private readonly construct: IConstruct) {
    this.path = construct.node.path;
  }

  /**
   * Warns of something that works, and may not be meant. A rule that needs everything that was declared warns from within a validation of the construct.
   * @param id name of the kind of warning: lower-case letters, digits and hyphens
   * @param message what was given, and what to do
   */
  public add(id: string, message: string): void {
    checkCall(this, 'Warnings.add', arguments);
    this.construct.node.addMetadata(WARNING, { id, message });
  }

  /**
   * Says that what a warning is about is meant, for the construct and all below it. It is then told no more.
   * @param id name of the kind of warning
   */
  public acknowledge(id: string): void {
    checkCall(this, 'Warnings.acknowledge', arguments);
    this.construct.node.addMetadata(ACKNOWLEDGED, id);
  }
}
