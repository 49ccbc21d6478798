import type { Size } from 'cdk8s';
import { CLIENT_PORT, CLUSTER_PORT, DATA_PATH, MONITOR_PORT } from './configuration';
import { HEALTH, START } from './programs.generated';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';

/** Where the script is mounted that starts a server. */
export const START_PATH = '/etc/nats/conduit/start';
/** Where the configuration is mounted, with placeholders for passwords. */
export const TEMPLATE_PATH = '/etc/nats/conduit/nats.conf';
/** Where the check is mounted that tells whether a server is ready. */
export const HEALTH_PATH = '/etc/nats/conduit/health';
/** Memory of the server's own. */
export const RUN_PATH = '/run/conduit';

/** Starts a server. */
export function startScript(nodes: number, memoryLimit: Size): string {
  return program({
    RUN: RUN_PATH,
    DATA: DATA_PATH,
    TEMPLATE: TEMPLATE_PATH,
    NODES: nodes,
    PORT: CLIENT_PORT,
    CLUSTER_PORT,
    MEMORY: Math.floor(memoryLimit.toMebibytes() * 0.8),
  }, FILL_PASSWORDS, START);
}

/** Tells whether a server is ready. */
export function renderHealthScript(): string {
  return program({ RUN: RUN_PATH, PORT: MONITOR_PORT }, HEALTH);
}
