/** How published ports are opened. */
export enum SwarmPublishing {
  /** On every node, by Swarm's ingress network, which hides the addresses of clients and leads to any replica. */
  INGRESS = 'ingress',
  /** On the nodes on which there is a replica, at most one each, which sees the addresses of clients that come by IPv4. */
  HOST = 'host',
}

/** Options that decide what is generated. */
export interface StackOptions {
  readonly stackName: string;
  readonly secretsDirectory: string;
  readonly encrypted: boolean;
  readonly publishing: SwarmPublishing;
  readonly virtualAddresses: boolean;
  readonly storageNode?: string;
  readonly maxReplicasPerNode?: number;
}
