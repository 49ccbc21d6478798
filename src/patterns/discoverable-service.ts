import { Construct } from 'constructs';
import { Application } from '../model/application';
import type { Client, IClient, IProgram } from '../model/client';
import type { Connection, ConnectOptions } from '../model/connection';
import type { Container } from '../model/container';
import type { ContainerProps } from '../model/container-props';
import { Endpoint, ExternalEndpointOptions } from '../model/endpoint';
import type { PublishedPort, PublishOptions } from '../model/published-port';
import type { Task } from '../model/task';
import { Warnings } from '../model/warnings';
import { Workload, WorkloadProps } from '../model/workload';
import { checkCall } from '../private/check-call';

/** Something that others find by name, within the application or outside. */
export interface IDiscoverableService {
  /**
   * The endpoint of a port.
   * @param portName name of the port; may be left out if there is just one
   * @throws if there is no such port.
   */
  endpoint(portName?: string): Endpoint;
}

/** Options of a discoverable service. */
export interface DiscoverableServiceProps extends WorkloadProps {
  /**
   * Number of the one HTTP port; the short form of `ports: [{ name: 'http', number }]`.
   * @default - see `ports`; that of an official image is known
   */
  readonly port?: number;
}

/**
 * A workload that others find by its name, however many replicas there are and wherever they run:
 * `other.connectTo(service.endpoint())`. With `stable: true` each member can be found as well.
 */
export class DiscoverableService extends Construct implements IDiscoverableService, IClient, IProgram {
  /**
   * A service that the application does not run itself, under the same interface.
   * @throws if host or port are malformed.
   */
  public static fromExternal(host: string, port: number, options: ExternalEndpointOptions = {}): IDiscoverableService {
    checkCall(this, 'DiscoverableService.fromExternal', arguments);
    const endpoint = Endpoint.external(host, port, options);
    return { endpoint: () => endpoint };
  }

  /** The workload behind the name. */
  public readonly workload: Workload;

  /** There must be a port. */
  public constructor(scope: Construct, id: string, props: DiscoverableServiceProps) {
    checkCall(new.target, 'DiscoverableService', arguments);
    super(Application._openScope(scope, id), id);
    const { port, ...workload } = props;
    const ports = [...(port === undefined ? [] : [{ name: 'http', number: port }]), ...workload.ports ?? []];
    const known = workload.command === undefined ? Application.of(this).images.factsOf(workload.image)?.ports ?? [] : [];
    const hasPort = ports.length + known.length > 0;
    if (!hasPort) Application._refuse(this, "a service needs a port that others connect to; set 'port' or 'ports'");
    if (port !== undefined && workload.ports && workload.ports.length > 0) {
      Warnings.of(this).add('port-and-ports',
        `'port' makes the port 'http' (${port}) beside those of 'ports' (${workload.ports.map(({ name }) => `'${name}'`).join(', ')}), so others must say which one they mean; name all of them in 'ports'`);
    }
    this.workload = new Workload(this, 'Default', { ...workload, ports: ports.length > 0 ? ports : hasPort ? known : [{ name: 'http', number: 80 }] });
  }

  /** Host name under which the service is found. */
  public get host(): string {
    return this.workload.name;
  }

  /**
   * `scheme://host:port` of the service's one port.
   * @throws if the service has several ports; use `endpoint(name).url`.
   */
  public get url(): string {
    return this.endpoint().url;
  }

  /** The container that serves. */
  public get main(): Container {
    return this.workload.main;
  }

  /**
   * Adds a container that starts before the main one and ends after it.
   * @throws if a value is malformed, or name or port clash with another container.
   */
  public addSidecar(name: string, props: ContainerProps): Container {
    checkCall(this, 'DiscoverableService.addSidecar', arguments);
    return this.workload.addSidecar(name, props);
  }

  public endpoint(portName?: string): Endpoint {
    checkCall(this, 'DiscoverableService.endpoint', arguments);
    return this.workload.endpoint(portName);
  }

  /**
   * The endpoint of one member of a stable service.
   * @throws if the service is not stable, or has no such member or port.
   */
  public memberEndpoint(ordinal: number, portName?: string): Endpoint {
    checkCall(this, 'DiscoverableService.memberEndpoint', arguments);
    return this.workload.memberEndpoint(ordinal, portName);
  }

  /** Declares that the service's program connects to an endpoint; see `Container.connectTo`. */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'DiscoverableService.connectTo', arguments);
    return this.workload.connectTo(endpoint, options);
  }

  /** Starts the service only after the task has completed. */
  public waitFor(task: Task): void {
    checkCall(this, 'DiscoverableService.waitFor', arguments);
    this.workload.waitFor(task);
  }

  /**
   * Lets clients outside the application connect to a port; see `Workload.publish`.
   * @throws if a value is malformed, there is no such port, or it was published under another address before.
   */
  public publish(options: PublishOptions = {}): PublishedPort {
    checkCall(this, 'DiscoverableService.publish', arguments);
    return this.workload.publish(options);
  }

  public toClient(): Client {
    return this.main;
  }

  public toContainer(): Container {
    return this.main;
  }
}
