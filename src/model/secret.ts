import type { Construct } from 'constructs';
import { Application } from './application';
import type { ILowering } from './lowering';
import { Primitive, PrimitiveProps } from './primitive';
import { checkCall } from '../private/check-call';
import { Problems } from '../private/problems';

/** Options of a secret. */
export interface SecretProps extends PrimitiveProps {
  /**
   * Key under which the value stands, where a target keeps several values under one name.
   * @default 'value'
   */
  readonly key?: string;
  /**
   * Name under which the value stands together with others, where a target keeps several values under one name.
   * @default - the secret's own name
   */
  readonly bundle?: string;
  /**
   * Host names of the certificate that the secret is a part of; its key says which.
   * @default - the secret is no part of a certificate
   */
  readonly hosts?: string[];
  /**
   * Whether others know the value already, such as an external server, so that it is brought, and not made here.
   * @default false
   */
  readonly existing?: boolean;
  /**
   * Whether the value holds nothing that has a meaning in a URL: letters, digits, `-`, `.`, `_`, `~` and percent-encoded characters alone.
   * `cdk8s-conduit secrets` refuses another value. What it makes itself is letters and digits.
   * @default - true, unless the value is brought, or is a part of a certificate
   */
  readonly urlSafe?: boolean;
}

/**
 * A reference to a secret value; the value itself is nowhere in the program.
 *
 * On Kubernetes it is an existing Secret of that name and key, or an ExternalSecret when the chart names a store.
 * In Compose it is a file of that name among the secrets of the project. `cdk8s-conduit secrets` makes it, or asks for it if it is `existing`.
 */
export class Secret extends Primitive {
  /** Key under which the value stands. */
  public readonly key: string;
  /** Name under which the value stands, alone or together with others. */
  public readonly bundle: string;
  /** Whether the value is brought, and not made here. */
  public readonly existing: boolean;

  /** Whether the value holds nothing that has a meaning in a URL. */
  public readonly urlSafe: boolean;

  private readonly _hosts?: string[];
  private readonly moreHosts: (() => string[])[] = [];

  public constructor(scope: Construct, id: string, props: SecretProps = {}) {
    checkCall(new.target, 'Secret', arguments);
    super(scope, id, props, 253);
    this.key = props.key ?? 'value';
    this.bundle = props.bundle ?? this.name;
    this.existing = props.existing ?? false;
    this._hosts = props.hosts && [...props.hosts];
    this.urlSafe = props.urlSafe ?? !(this.existing || this._hosts);
    const problems = new Problems(this.node.path);
    problems.check(/^[-._a-zA-Z0-9]{1,253}$/.test(this.key), `'key' must be letters, digits, '-', '_' and '.', got '${this.key}'`);
    problems.check(/^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$/.test(this.bundle), `'bundle' must be at most 253 lower-case letters, digits and hyphens, got '${this.bundle}'`);
    problems.check(!this.urlSafe || !this._hosts, "a part of a certificate is never 'urlSafe', as it has lines; leave that out");
    Application._keep(this, problems);
    this.application._register(this);
  }

  /** Host names of the certificate that this is a part of; undefined if it is none. */
  public get hosts(): string[] | undefined {
    return this._hosts && [...new Set([...this._hosts, ...this.moreHosts.flatMap(find => find())])];
  }

  /** Where a container finds the value as a file, on every target. */
  public get path(): string {
    return `/run/secrets/${this.name}`;
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Secret.lowerTo', arguments);
    lowering.lowerSecret(this);
  }

  /**
   * Lets the certificate be for hosts, too, that are known when everything is declared.
   * @internal
   */
  public _addHosts(find: () => string[]): void {
    this.moreHosts.push(find);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`secret ${this.name}`, ...(this.bundle === this.name ? [] : [`value ${this.bundle}/${this.key}`])];
  }
}
