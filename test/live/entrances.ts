// Ways into a cluster.
import { spawn } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { clusterEnvironment, nodeAddress } from './cluster';
import { attempt } from './command';
import type { Neighbour, Outside } from './deployment';
import { machineOn } from './machine';

/** The container engine's machine, which is beside the nodes, or behind the machine of the tests. */
export async function neighbourOfNodes(outside: Outside): Promise<Neighbour> {
  const env = clusterEnvironment();
  const seenAs = [outside.address, ...Object.values(networkInterfaces()).flatMap(addresses => addresses!.map(({ address }) => address))];
  return {
    ...outside,
    seenAs,
    hostAddress: await nodeAddress(),
    tryExec: (...words) => attempt('docker', ['run', '--rm', '-i', '--network=host', 'busybox:1.37.0-musl', ...words], { env }),
    machines: [machineOn('host', seenAs, env), machineOn('bridge', seenAs, env)],
  };
}

/** Runs `kubectl port-forward` for as long as `use` works with the address on which it listens. */
export async function forward<T>(namespace: string, object: string, port: number, use: (address: string) => Promise<T>): Promise<T> {
  const kubectl = spawn('kubectl', ['-n', namespace, 'port-forward', object, `:${port}`], { env: clusterEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface(kubectl.stdout)) {
      const [, address] = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address) return await use(address);
    }
    throw new Error(`kubectl does not forward to ${object}`);
  } finally {
    kubectl.kill();
  }
}
