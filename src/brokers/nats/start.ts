import type { Size } from 'cdk8s';
import { CLIENT_PORT, CLUSTER_PORT, DATA_PATH, MONITOR_PORT } from './configuration';
import { fillPasswords } from '../passwords';

/** Where the script is mounted that starts a server. */
export const START_PATH = '/etc/nats/conduit/start';
/** Where the configuration is mounted, with placeholders for passwords. */
export const TEMPLATE_PATH = '/etc/nats/conduit/nats.conf';
/** Where the check is mounted that tells whether a server is ready. */
export const HEALTH_PATH = '/etc/nats/conduit/health';
/** Memory of the server's own. */
export const RUN_PATH = '/run/conduit';

/**
 * A server that becomes a member of a cluster removes the streams that it had alone, and one that leaves takes its copies away.
 * So neither starts, and what is stored stays.
 */
export function startScript(nodes: number, memoryLimit: Size): string {
  const cluster = nodes > 1 ? ` --cluster_advertise "$member:${CLUSTER_PORT}"` : '';
  return `set -eu
umask 077
cd ${RUN_PATH}
rm -f recovered
known=${DATA_PATH}/conduit-nodes
was=$(cat "$known" 2>/dev/null || echo ${nodes})
if [ "$was" != ${nodes} ] && { [ "$was" = 1 ] || [ "$was" -gt ${nodes} ]; }; then
  echo "refused: what is stored here is of a broker of $was node(s), and would be lost in one of ${nodes}; set 'nodes' to $was again, or make another broker" >&2
  exit 1
fi
echo ${nodes} > "$known"
${fillPasswords(TEMPLATE_PATH, 'nats.conf')}
member=$(hostname)
export GOMEMLIMIT=${Math.floor(memoryLimit.toMebibytes() * 0.8)}MiB
exec nats-server --config nats.conf --name "$member" --client_advertise "$member:${CLIENT_PORT}"${cluster}
`;
}

/** Ready once everything stored was recovered; from then on while the server itself is well, whatever befalls a single stream. */
export function renderHealthScript(): string {
  return `ask() { wget -q -T 5 -O /dev/null "http://127.0.0.1:${MONITOR_PORT}/healthz$1"; }
if [ -e ${RUN_PATH}/recovered ]; then ask '?js-server-only=true'; else ask '' && touch ${RUN_PATH}/recovered; fi
`;
}
