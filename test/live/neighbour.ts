import { attempt, command } from './command';
import type { Neighbour } from './deployment';

const IMAGE = 'busybox:1.37.0-musl';
/** Of a range for documentation, which nothing else uses; the neighbour knows no way but to its own link. */
const [HOST, NEIGHBOUR] = ['198.51.100.1', '198.51.100.2'];
const PORT = 7000;

/** Gives a container a cable to the machine of the engine, as if it were another machine in the same room: no network of the engine's is between them. */
const CABLE = `set -e
ip link add conduit-cable type veth
peer=$(ip link show conduit-cable | sed -n 's/.*conduit-cable@\\([^:]*\\):.*/\\1/p')
ip link set "$peer" netns "$1"
ip address add ${HOST}/30 dev conduit-cable
ip link set conduit-cable up
nsenter -t "$1" -n ip address add ${NEIGHBOUR}/30 dev "$peer"
nsenter -t "$1" -n ip link set "$peer" up`;

/** A machine beside that of the container engine. */
export async function connectNeighbour(): Promise<Neighbour> {
  const docker = (...args: string[]) => command('docker', args);
  const id = await docker('run', '-d', '--rm', '--network=none', IMAGE, 'nc', '-lk', '-p', String(PORT), '-e', 'cat');
  const process = await docker('inspect', '--format', '{{.State.Pid}}', id);
  await docker('run', '--rm', '--privileged', '--pid=host', '--network=host', IMAGE, 'sh', '-c', CABLE, 'cable', process);
  return {
    address: NEIGHBOUR,
    port: PORT,
    seenAs: [NEIGHBOUR],
    hostAddress: HOST,
    tryExec: (...words) => attempt('docker', ['exec', id, ...words]),
    close: async () => { await docker('rm', '-f', id); }, // the cable goes with it
  };
}
