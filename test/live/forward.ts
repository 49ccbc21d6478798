import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { clusterEnvironment } from './cluster';

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
