import { configName, DNS_RESOLVER } from './config';
import { escape, HARDENING, lentShell, lowerCheck, lowerResources, lowerWritable } from './container';
import { entriesOf } from './host-ports';
import { CHECK_RELAY, CHECK_TCP, HIDDEN_CLIENTS, RELAY } from './programs.generated';
import { NO_OUTER_NAMES, ProjectContext } from './services';
import type { Network, Service } from './specification.generated';
import { SETUP_SERVICE } from './volumes';
import { Protocol } from '../../model/endpoint';
import { HealthCheck } from '../../model/health-check';
import type { WorkloadBase } from '../../model/workload-base';
import { program } from '../../private/program';
import { RELAYS } from '../tools';

/** A service that lets some sources in to ports of a workload. */
export interface RelayService {
  /** Of the service, and of its configuration. */
  readonly name: string;
  readonly service: Service;
  readonly configuration: string;
}

const CONFIGURATION = '/etc/conduit/relay';
/** Ports of a relay, which needs no privilege for them: the first one for its health, on the loopback address alone. */
const FIRST_PORT = 10_000;
const HEALTH = HealthCheck.tcp(FIRST_PORT);
const RESOURCES = { cpuRequest: 0.05, cpuLimit: 1, memoryRequest: 32, memoryLimit: 128, diskLimit: 16 };

/** The relays of a workload, one for each protocol of which it has ports that only some may come to. */
export function lowerRelays(workload: WorkloadBase, networks: Record<string, Network>, context: ProjectContext): RelayService[] {
  return Object.values(Protocol).filter(protocol => context.hostPorts.relayedPortsOf(workload, protocol).length > 0)
    .map(protocol => lowerRelay(workload, protocol, networks, context));
}

function lowerRelay(workload: WorkloadBase, protocol: Protocol, networks: Record<string, Network>, context: ProjectContext): RelayService {
  const relay = RELAYS[protocol];
  const image = workload.application.images.resolve(relay.image);
  const ports = context.hostPorts.relayedPortsOf(workload, protocol).map((port, index) => ({ port, target: FIRST_PORT + 1 + index }));
  const [edge, inner] = context.networks.relaysOf(workload);
  const gateways = networks[edge].ipam!.config!.map(({ gateway }) => gateway!);
  const name = `${workload.name}__relay_${protocol.toLowerCase()}`;
  const configuration = relay.program.configuration(ports.map(({ port: { endpoint, exposures }, target }) => ({
    name: endpoint.portName, port: target, gateways, sources: exposures.flatMap(({ sourceRanges }) => sourceRanges), server: `${endpoint.host}:${endpoint.port}`,
  })), FIRST_PORT, DNS_RESOLVER);
  const { writablePath } = relay.program;
  const service: Service = {
    image: image.reference,
    entrypoint: [...lentShell(program({}, HIDDEN_CLIENTS, RELAY)), 'relay'].map(escape),
    command: relay.program.command(CONFIGURATION).map(escape),
    user: `${image.user}:${image.group}`,
    ...HARDENING,
    tmpfs: writablePath === undefined ? undefined : [lowerWritable(writablePath, image, RESOURCES)],
    configs: [{ source: configName(name, configuration), target: CONFIGURATION }],
    volumes: [context.volumes.mountTools()],
    networks: { [edge]: null, [inner]: null },
    ports: ports.flatMap(({ port, target }) => entriesOf(port, target)),
    dns: NO_OUTER_NAMES,
    healthcheck: lowerCheck(HEALTH, lentShell(program({ PORT: FIRST_PORT, TIMEOUT: HEALTH.timeout.toSeconds() }, HIDDEN_CLIENTS, CHECK_RELAY, CHECK_TCP))),
    stop_signal: relay.program.stopSignal,
    depends_on: { [SETUP_SERVICE]: { condition: 'service_started' } },
    restart: 'unless-stopped',
    ...lowerResources(RESOURCES),
  };
  return { name, service, configuration };
}
