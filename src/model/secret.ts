import type { Construct } from 'constructs';
import type { ILowering } from './lowering';
import { Primitive, PrimitiveProps } from './primitive';

/** Options of a secret. */
export interface SecretProps extends PrimitiveProps {
  /**
   * Key under which the value stands, where a target keeps several values under one name.
   * @default 'value'
   */
  readonly key?: string;
}

/**
 * A reference to a secret value; the value itself is nowhere in the program.
 *
 * On Kubernetes an existing Secret of that name and key, or an ExternalSecret when the chart names a store;
 * in Compose a file of that name in `secrets/` beside the project, which `conduit secrets` makes.
 */
export class Secret extends Primitive {
  /** Key under which the value stands. */
  public readonly key: string;

  /** @throws if name or key are malformed. */
  public constructor(scope: Construct, id: string, props: SecretProps = {}) {
    super(scope, id, props, 253);
    this.key = props.key ?? 'value';
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(this.key)) {
      throw new Error(`${this.node.path}: 'key' must be letters, digits, '-', '_' and '.', got '${this.key}'`);
    }
    this.application._register(this);
  }

  /** Where a container finds the value as a file, on every target. */
  public get path(): string {
    return `/run/secrets/${this.name}`;
  }

  public lowerTo(lowering: ILowering): void {
    lowering.lowerSecret(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`secret ${this.name}`];
  }
}
