import type { Protocol } from '../model/endpoint';
import { Exposure, ExposureKind } from '../model/exposure';
import type { Entrance } from '../model/published-port';

/** A way in from outside the application: which port, for whom, and where to look. */
export interface ExposedPort {
  /** Path of the workload. */
  readonly path: string;
  /** Name of the workload, or of the member. */
  readonly name: string;
  /** Name of the port. */
  readonly portName: string;
  /** Transport protocol. */
  readonly protocol: Protocol;
  /** Who may come: ranges in CIDR notation, or a word for those who have none. */
  readonly sources: string[];
  /** Where clients find it; undefined where only the cluster knows. */
  readonly url?: string;
  /** Command that opens the way in, or tells the address. */
  readonly command?: string;
}

/** What is the same of a way in on each target. */
export function exposedPort({ endpoint, member }: Pick<Entrance, 'endpoint' | 'member'>, exposure: Exposure): ExposedPort {
  const { workload, portName, protocol } = endpoint;
  return {
    path: workload!.node.path,
    name: member ?? workload!.name,
    portName,
    protocol,
    sources: exposure.kind === ExposureKind.SOURCES ? exposure.sourceRanges : [exposure.description],
  };
}
