import type { PublicAddress } from '../model/published-port';
import type { Workload } from '../model/workload';

/** Says under which address clients outside find a server's workload, of which the options of the server say that. */
export function announceServer(workload: Workload, { publicHost, publicPort, hostPort }: PublicAddress): void {
  workload.announce({ publicHost, publicPort, hostPort });
}
