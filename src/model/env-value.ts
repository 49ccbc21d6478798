import type { Endpoint } from './endpoint';
import type { Secret } from './secret';
import { checkCall } from '../private/check-call';

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
    return new EnvValue(String(endpoint[part]), undefined, undefined, true);
  }

  /** A value that only the target knows, for programs that resolve names by themselves. */
  public static platform(value: PlatformValue): EnvValue {
    checkCall(this, 'EnvValue.platform', arguments);
    return new EnvValue(undefined, undefined, undefined, true, value);
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
  ) {}

  /** @internal */
  public _describe(): string {
    return this.secretValue ? `secret '${this.secretValue.name}'` : this.platformValue ? `the target's ${this.platformValue}` : `'${this.text}'`;
  }

  /** @internal */
  public _equals(other: EnvValue): boolean {
    return this.text === other.text && this.fileOf === other.fileOf && this.secretValue === other.secretValue && this.platformValue === other.platformValue;
  }
}
