import { Duration } from 'cdk8s';
import { checkCall } from '../private/check-call';

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
   * @default Duration.seconds(60)
   */
  readonly startPeriod?: Duration;
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
   * same host is followed; one to another host is an answer like any other.
   */
  public static http(port: number, path: string, options: HealthCheckOptions = {}): HealthCheck {
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
  /** Time in which a starting container may fail. */
  public readonly startPeriod: Duration;

  private constructor(
    /** Kind of the check. */
    public readonly kind: HealthCheckKind,
    private readonly _words: string[],
    /** Port of an HTTP or TCP check. */
    public readonly port: number,
    /** Path of an HTTP check. */
    public readonly path: string,
    options: HealthCheckOptions,
  ) {
    this.interval = options.interval ?? Duration.seconds(5);
    this.timeout = options.timeout ?? Duration.seconds(3);
    this.failureThreshold = options.failureThreshold ?? 3;
    this.startPeriod = options.startPeriod ?? Duration.seconds(60);
  }

  /** The words of a command check. */
  public get words(): string[] {
    return [...this._words];
  }
}
