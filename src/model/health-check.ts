import { Duration } from 'cdk8s';
import type { Port } from './endpoint';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** How often and how patiently a check is made. */
export interface HealthCheckOptions {
  /**
   * Time from the end of one check to the next.
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * Time after which a check counts as failed.
   * @default Duration.seconds(3)
   */
  readonly timeout?: Duration;
  /**
   * Failures in a row after which a container that was healthy counts as unhealthy.
   * @default 3
   */
  readonly failureThreshold?: number;
  /**
   * Time in which a starting container may fail checks without being called unhealthy.
   * @default Duration.minutes(5)
   */
  readonly startPeriod?: Duration;
}

/** How an HTTP check is made. */
export interface HttpHealthCheckOptions extends HealthCheckOptions {
  /**
   * Headers of the request; `Host` stands in the place of the container's own address.
   * @default - those of every check: `Host`, `User-Agent` and `Accept`
   */
  readonly headers?: Record<string, string>;
  /**
   * Whether the request is made by TLS. The server's certificate is not checked.
   * @default - true for a port with the name `https`, false for every other
   */
  readonly tls?: boolean;
}

/** Kind of a health check. */
export enum HealthCheckKind {
  /** Runs a command in the container. */
  COMMAND = 'command',
  /** Makes an HTTP request. */
  HTTP = 'http',
  /** Opens a TCP connection. */
  TCP = 'tcp',
}

/**
 * Tells whether a container can do its work. Until it can, nothing is sent to it and nothing that waits for it starts.
 * HTTP and TCP checks need no tool in the image.
 */
export class HealthCheck {
  /** Healthy while the command, run in the container without a shell, ends with status 0. */
  public static command(command: string[], options: HealthCheckOptions = {}): HealthCheck {
    checkCall(this, 'HealthCheck.command', arguments);
    return new HealthCheck(HealthCheckKind.COMMAND, [...command], 0, '', options);
  }

  /**
   * Healthy while a GET of `path` at the container's own address is answered with a status from 200 to 399. A redirect to the
   * same host is followed; one to another host is an answer like any other. A port with the name `https` is asked by TLS.
   */
  public static http(port: number, path: string, options: HttpHealthCheckOptions = {}): HealthCheck {
    checkCall(this, 'HealthCheck.http', arguments);
    return new HealthCheck(HealthCheckKind.HTTP, [], port, path, options);
  }

  /** Healthy while the port accepts connections. */
  public static tcp(port: number, options: HealthCheckOptions = {}): HealthCheck {
    checkCall(this, 'HealthCheck.tcp', arguments);
    return new HealthCheck(HealthCheckKind.TCP, [], port, '', options);
  }

  /** Time from the end of one check to the next. */
  public readonly interval: Duration;
  /** Time after which a check counts as failed. */
  public readonly timeout: Duration;
  /** Failures in a row that make a container unhealthy. */
  public readonly failureThreshold: number;
  /** Whether an HTTP check is made by TLS. */
  public readonly tls: boolean;

  private constructor(
    /** Kind of the check. */
    public readonly kind: HealthCheckKind,
    private readonly _words: string[],
    /** Port of an HTTP or TCP check. */
    public readonly port: number,
    /** Path of an HTTP check. */
    public readonly path: string,
    private readonly options: HttpHealthCheckOptions,
  ) {
    this.tls = options.tls ?? false;
    this.interval = options.interval ?? Duration.seconds(5);
    this.timeout = options.timeout ?? Duration.seconds(3);
    this.failureThreshold = options.failureThreshold ?? 3;
  }

  /** Time in which a starting container may fail. It may follow from what is declared after the check was made. */
  public get startPeriod(): Duration {
    return this.options.startPeriod ?? Duration.minutes(5);
  }

  /** Headers of an HTTP check, in the order of their names. */
  public get headers(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.options.headers ?? {}).sort(([a], [b]) => byText(a, b)));
  }

  /**
   * The check of a container with these ports, whose names say where TLS is spoken.
   * @internal
   */
  public _at(ports: Port[]): HealthCheck {
    const isHttps = this.kind === HealthCheckKind.HTTP && ports.some(({ name, number, protocol }) => name === 'https' && number === this.port && protocol !== 'UDP');
    return isHttps && this.options.tls === undefined ? HealthCheck.http(this.port, this.path, { ...this.options, tls: true }) : this;
  }

  /** The words of a command check. */
  public get words(): string[] {
    return [...this._words];
  }
}
