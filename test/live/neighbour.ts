import { attempt, command } from './command';
import type { Neighbour } from './deployment';
import { machineOn } from './machine';

const IMAGE = 'busybox:1.37.0-musl';
/** Of ranges for documentation, which nothing else uses; the neighbour knows no way but to its own link. It has a second address, to come as somebody else. */
const [HOST, NEIGHBOUR, SOMEBODY] = ['198.51.100.1', '198.51.100.2', '198.51.100.3'];
const [HOST_6, NEIGHBOUR_6, SOMEBODY_6] = ['2001:db8:51::1', '2001:db8:51::2', '2001:db8:51::3'];
const PORT = 7000;

/** Gives a container a cable to the machine of the engine, as if it were another machine in the same room: no network of the engine's is between them. */
const CABLE = `set -e
ip link add conduit-cable type veth
peer=$(ip link show conduit-cable | sed -n 's/.*conduit-cable@\\([^:]*\\):.*/\\1/p')
ip link set "$peer" netns "$1"
for address in ${HOST}/29 ${HOST_6}/64; do ip address add "$address" dev conduit-cable; done
ip link set conduit-cable up
nsenter -t "$1" -n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
for address in ${NEIGHBOUR}/29 ${SOMEBODY}/29 ${NEIGHBOUR_6}/64 ${SOMEBODY_6}/64; do nsenter -t "$1" -n ip address add "$address" dev "$peer"; done
nsenter -t "$1" -n ip link set "$peer" up`;

/** A machine beside that of the container engine, with two addresses of each family. */
export interface NeighbourOfEngine extends Neighbour {
  /** Of the machine of the engine, by IPv4 and IPv6. */
  readonly hosts: readonly string[];
  /** Its own address, by IPv4 and IPv6. */
  readonly own: readonly string[];
  /** Its second address, by IPv4 and IPv6. */
  readonly others: readonly string[];
}

/** Connects a machine to that of the container engine. */
export async function connectNeighbour(): Promise<NeighbourOfEngine> {
  const docker = (...args: string[]) => command('docker', args);
  const id = await docker('run', '-d', '--rm', '--network=none', IMAGE, 'nc', '-lk', '-p', String(PORT), '-e', 'cat');
  const process = await docker('inspect', '--format', '{{.State.Pid}}', id);
  await docker('run', '--rm', '--privileged', '--pid=host', '--network=host', IMAGE, 'sh', '-c', CABLE, 'cable', process);
  return {
    address: NEIGHBOUR,
    port: PORT,
    seenAs: [NEIGHBOUR],
    hostAddress: HOST,
    hosts: [HOST, HOST_6],
    own: [NEIGHBOUR, NEIGHBOUR_6],
    others: [SOMEBODY, SOMEBODY_6],
    tryExec: (...words) => attempt('docker', ['exec', id, ...words]),
    machines: [machineOn(`container:${id}`, [NEIGHBOUR]), machineOn('host', [HOST])],
    close: async () => { await docker('rm', '-f', id); }, // the cable goes with it
  };
}
