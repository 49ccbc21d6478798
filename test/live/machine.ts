import { attempt } from './command';
import type { Machine } from './deployment';

const KEEP_FILE = 'cat > /tmp/connection.json && CONNECTION_FILE=/tmp/connection.json exec "$@"';

/** A network namespace, by the option of `docker run` that joins it. */
export function machineOn(network: string, seenAs: readonly string[], env = process.env): Machine {
  return {
    seenAs,
    tryRun: (image, connection, ...words) => attempt('docker', ['run', '--rm', '-i', `--network=${network}`, image, 'sh', '-c', KEEP_FILE, 'run', ...words], { env, input: connection }),
  };
}
