import type { KafkaProps } from './kafka';
import { CLIENT_PORT, OUTSIDE } from './listeners';
import type { PublishedPort } from '../../model/published-port';
import type { Workload } from '../../model/workload';

/** Says under which address clients outside find each broker. They are told of all brokers by any of them, so each has an address of its own. */
export function announceOutside(workload: Workload, { publicHost, publicHosts, publicPort, hostPort = CLIENT_PORT }: KafkaProps): void {
  workload.announce({ portName: OUTSIDE, eachMember: true, publicHost, publicHosts, publicPort, hostPort });
}

/** The port at which clients outside come in; undefined while none may come. */
export function outsidePort(workload: Workload): PublishedPort | undefined {
  return workload.publishedPorts.find(({ endpoint }) => endpoint.portName === OUTSIDE);
}

/** Under which `host:port` clients outside find each broker; empty while none may come. */
export function outsideAddresses(workload: Workload): string[] {
  return outsidePort(workload)?.entrances.map(({ publicEndpoint }) => publicEndpoint!.address) ?? [];
}
