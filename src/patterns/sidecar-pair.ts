import { Construct } from 'constructs';
import { Application } from '../model/application';
import type { Client, IClient, IProgram } from '../model/client';
import type { Connection, ConnectOptions } from '../model/connection';
import type { Container } from '../model/container';
import type { ContainerProps } from '../model/container-props';
import type { Endpoint } from '../model/endpoint';
import type { PublishedPort, PublishOptions } from '../model/published-port';
import { Volume } from '../model/volume';
import { Workload } from '../model/workload';
import { checkCall } from '../private/check-call';

/** Which container of a pair starts first. */
export enum StartOrder {
  /** The sidecar is healthy before the main container starts, and ends after it. */
  SIDECAR_FIRST = 'sidecar-first',
  /** The main container is healthy before the sidecar starts. */
  MAIN_FIRST = 'main-first',
}

/** Options of a sidecar pair. */
export interface SidecarPairProps {
  /** The container that the pair exists for. */
  readonly main: ContainerProps;
  /** The container that helps it. */
  readonly sidecar: ContainerProps;
  /**
   * Which container starts first.
   * @default StartOrder.SIDECAR_FIRST
   */
  readonly startOrder?: StartOrder;
  /**
   * Absolute path of a directory that both containers may write to.
   * @default - they share none
   */
  readonly sharedDirectory?: string;
  /**
   * Number of replicas of the pair.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Name of the pair on every target: a DNS label.
   * @default - the ids on the path from the application, joined by hyphens
   */
  readonly name?: string;
}

/**
 * Two containers that reach each other on `localhost`: a program and its proxy, log shipper or agent.
 * They share one network address, so their ports must differ. If one of them is killed, the other stays on the network.
 */
export class SidecarPair extends Construct implements IClient, IProgram {
  /** The container that the pair exists for. */
  public readonly main: Container;
  /** The container that helps it. */
  public readonly sidecar: Container;
  /** The workload that runs both. */
  public readonly workload: Workload;

  /** The containers must have different ports. */
  public constructor(scope: Construct, id: string, props: SidecarPairProps) {
    checkCall(new.target, 'SidecarPair', arguments);
    super(Application._openScope(scope, id), id);
    this.workload = new Workload(this, 'Default', { ...props.main, replicas: props.replicas, name: props.name });
    this.main = this.workload.main;
    this.sidecar = props.startOrder === StartOrder.MAIN_FIRST
      ? this.workload.addCompanion('sidecar', props.sidecar)
      : this.workload.addSidecar('sidecar', props.sidecar);
    if (props.sharedDirectory !== undefined) {
      const shared = new Volume(this, 'Shared', { persistent: false });
      this.main.mountVolume(shared, props.sharedDirectory);
      this.sidecar.mountVolume(shared, props.sharedDirectory);
    }
  }

  /**
   * The endpoint of a port of either container, for others to connect to.
   * @param portName name of the port; may be left out if there is just one
   * @throws if there is no such port.
   */
  public endpoint(portName?: string): Endpoint {
    checkCall(this, 'SidecarPair.endpoint', arguments);
    return this.workload.endpoint(portName);
  }

  /** Declares that the main program connects to an endpoint; see `Container.connectTo`. */
  public connectTo(endpoint: Endpoint, options: ConnectOptions = {}): Connection {
    checkCall(this, 'SidecarPair.connectTo', arguments);
    return this.main.connectTo(endpoint, options);
  }

  /**
   * Lets clients outside the application connect to a port; see `Workload.publish`.
   * @throws if a value is malformed, there is no such port, or it was published under another address before.
   */
  public publish(options: PublishOptions = {}): PublishedPort {
    checkCall(this, 'SidecarPair.publish', arguments);
    return this.workload.publish(options);
  }

  public toClient(): Client {
    return this.main;
  }

  public toContainer(): Container {
    return this.main;
  }
}
