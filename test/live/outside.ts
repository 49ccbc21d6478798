import { command } from './command';
import type { Outside } from './deployment';

/** Starts a server that takes TCP connections, on the container engine's machine. */
export async function serveAt(address: string, env: NodeJS.ProcessEnv): Promise<Outside> {
  const port = 20_000 + process.pid % 10_000;
  const server = await command('docker', [
    'run', '-d', '--rm', '--network=host', 'busybox:1.37.0-musl', 'nc', '-lk', '-s', address, '-p', String(port), '-e', 'cat',
  ], { env });
  return { address, port, close: async () => { await command('docker', ['rm', '-f', server], { env }); } };
}
