import type { Endpoint } from './endpoint';
import type { Secret } from './secret';
import { checkCall } from '../private/check-call';
import { fillTemplate } from '../private/template';

/** Part of an endpoint that a variable may hold. */
export enum EndpointPart {
  /** `scheme://host:port` */
  URL = 'url',
  /** `host:port` */
  ADDRESS = 'address',
  /** Name alone. */
  HOST = 'host',
  /** Port number alone. */
  PORT = 'port',
}

/** Values that only a target knows. */
export enum PlatformValue {
  /** What follows a workload's name in its full DNS name, with the leading dot; empty where names have no suffix. */
  DNS_SUFFIX = 'dns-suffix',
  /**
   * Addresses, with blanks between, of what the target itself puts in front of published ports, and what tells by PROXY protocol who the client is.
   * Nobody else is to be believed. Empty where nothing is in front.
   */
  PROXY_PROTOCOL_SOURCES = 'proxy-protocol-sources',
}

/** Options of a literal value. */
export interface LiteralOptions {
  /**
   * Says that the value is no secret although the variable's name suggests one.
   * @default false
   */
  readonly notSecret?: boolean;
}

/** Value of an environment variable. */
export class EnvValue {
  /** Plain text, the same on every target. Must not be a secret: see `secretFile`. */
  public static literal(text: string, options: LiteralOptions = {}): EnvValue {
    checkCall(this, 'EnvValue.literal', arguments);
    return new EnvValue(text, undefined, undefined, options.notSecret ?? false);
  }

  /** Path of the file that holds the secret; the file is mounted with it. This is the way to hand over a secret. */
  public static secretFile(secret: Secret): EnvValue {
    checkCall(this, 'EnvValue.secretFile', arguments);
    return new EnvValue(secret.path, secret, undefined, true);
  }

  /**
   * The secret's value itself, for images that can take nothing but a variable: whoever may
   * inspect the container can read it, so prefer `secretFile`.
   */
  public static secret(secret: Secret): EnvValue {
    checkCall(this, 'EnvValue.secret', arguments);
    return new EnvValue(undefined, undefined, secret, true);
  }

  /** A part of an endpoint's address. Does not open the connection: `connectTo` does. */
  public static endpoint(endpoint: Endpoint, part: EndpointPart = EndpointPart.URL): EnvValue {
    checkCall(this, 'EnvValue.endpoint', arguments);
    return new EnvValue(String(endpoint[part]), undefined, undefined, true, undefined, endpoint);
  }

  /** A value that only the target knows, for programs that resolve names by themselves. */
  public static platform(value: PlatformValue): EnvValue {
    checkCall(this, 'EnvValue.platform', arguments);
    return new EnvValue(undefined, undefined, undefined, true, value);
  }

  /**
   * Text that other values stand in: `postgres://app:{password}@{address}/app`. Each `{name}` is the value of that name, and a doubled brace is one brace.
   * Whoever may inspect the container can read a secret in it, as with `secret`.
   * @throws if a name has no value, or a value no place, or a secret in a URL is not `urlSafe`.
   */
  public static template(template: string, values: Record<string, EnvValue>): EnvValue {
    checkCall(this, 'EnvValue.template', arguments);
    const parts = fillTemplate('EnvValue.template', template, values).flatMap(({ text, value }) => value ? value.parts : new EnvValue(text, undefined, undefined, true));
    const unsafe = /^[a-z][a-z0-9+.-]*:\/\//i.test(template) ? parts.flatMap(part => part.secretValue ?? []).find(secret => !secret.urlSafe) : undefined;
    if (unsafe) {
      throw new Error(`EnvValue.template: the value of secret '${unsafe.name}' stands in a URL, where '@', ':', '/' and others have a meaning; `
        + "give the secret 'urlSafe: true' if its value is letters, digits, '-', '.', '_', '~' and percent-encoded characters alone");
    }
    const known = parts.every(part => part.text !== undefined && !part.fileOf);
    return new EnvValue(known ? parts.map(part => part.text).join('') : undefined, undefined, undefined, !known, undefined, undefined, parts);
  }

  private constructor(
    /** The text, unless the value is a secret, or the target's. */
    public readonly text: string | undefined,
    /** Secret whose file the text names. */
    public readonly fileOf: Secret | undefined,
    /** Secret whose value this is. */
    public readonly secretValue: Secret | undefined,
    /** True where the text was said, or is known, to be no secret. */
    public readonly notSecret: boolean,
    /** Which value of the target this is. */
    public readonly platformValue?: PlatformValue,
    /** Endpoint of which this is a part. */
    public readonly endpointOf?: Endpoint,
    private readonly joined?: EnvValue[],
  ) {}

  /** The values that are joined to this one, in their order; this value alone if it is not made of others. */
  public get parts(): EnvValue[] {
    return this.joined ? [...this.joined] : [this];
  }

  /** @internal */
  public _describe(): string {
    if (this.text === undefined && this.parts.length !== 1) return this.parts.map(part => part._describe()).join(' + ');
    return this.secretValue ? `secret '${this.secretValue.name}'` : this.platformValue ? `the target's ${this.platformValue}` : `'${this.text}'`;
  }

  /** @internal */
  public _equals(other: EnvValue): boolean {
    const { parts } = this;
    const others = other.parts;
    if (this.text === undefined && other.text === undefined && (this.joined || other.joined)) {
      return parts.length === others.length && parts.every((part, index) => part._equals(others[index]));
    }
    return this.text === other.text && this.fileOf === other.fileOf && this.secretValue === other.secretValue && this.platformValue === other.platformValue;
  }
}
