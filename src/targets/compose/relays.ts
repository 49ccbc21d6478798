import { HARDENING, lowerResources, lowerWritable } from './container';
import { comesByIPv4, comesByIPv6, entriesOf, HostPort, Relay, sourcesOf } from './host-ports';
import { edgeOf, relayOf } from './networks';
import { CHECK_RELAY, HIDDEN_CLIENTS, RELAY } from './programs.generated';
import { NO_OUTER_NAMES, ProjectContext } from './services';
import type { Network, Service } from './specification.generated';
import { SETUP_SERVICE } from './volumes';
import { Protocol } from '../../model/endpoint';
import { HealthCheck, HealthCheckKind } from '../../model/health-check';
import type { WorkloadBase } from '../../model/workload-base';
import { program } from '../../private/program';
import type { RelayServer } from '../../private/relay';
import { configName, DNS_RESOLVER } from '../config';
import { escape, lentShell, lowerCheck } from '../health';
import { CHECK_TCP } from '../programs.generated';
import { RELAYS } from '../tools';

/** A service in front of workloads. */
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

/** The service that takes what comes to ports of the host, and passes it on to workloads. */
export function lowerRelay(relay: Relay, networks: Record<string, Network>, context: ProjectContext): RelayService {
  const { owner, protocol, ports } = relay;
  const { program: runs, image: catalogued } = RELAYS[protocol];
  const image = owner.application.images.resolve(catalogued);
  const edge = edgeOf(owner);
  const gateways = networks[edge].ipam!.config!.map(({ gateway }) => gateway!);
  const name = `${owner.name}__relay_${protocol.toLowerCase()}`;
  const workloads = [...new Set(ports.map(({ endpoint }) => endpoint.workload!))];
  const inner = workloads.map(workload => [relayOf(owner, workload), addressOf(relay, workload, context)] as const);
  const numbers = [...new Set(ports.map(({ number }) => number))];
  const relayed = numbers.map((number, index) => ({ target: FIRST_PORT + 1 + index, same: ports.filter(port => port.number === number) }));
  const configuration = runs.configuration(relayed.map(({ target, same }) => ({
    name: nameOf(same[0]),
    addresses: [...same.some(comesByIPv4) ? ['0.0.0.0'] as const : [], ...same.some(comesByIPv6) ? ['[::]'] as const : []],
    port: target,
    gateways,
    sources: sourcesOf(same),
    servers: same.map(port => serverOf(relay, port, context)),
  })), FIRST_PORT, DNS_RESOLVER);
  const hidden = ports.some(port => sourcesOf([port])) ? [HIDDEN_CLIENTS] : [];
  const { writablePath } = runs;
  const service: Service = {
    image: image.reference,
    entrypoint: [...lentShell(program({ HIDDEN: '' }, ...hidden, RELAY)), 'relay'].map(escape),
    command: runs.command(CONFIGURATION).map(escape),
    user: `${image.uid}:${image.gid}`,
    ...HARDENING,
    tmpfs: writablePath === undefined ? undefined : [lowerWritable(writablePath, image, RESOURCES)],
    configs: [{ source: configName(name, configuration), target: CONFIGURATION }],
    volumes: [context.volumes.mountTools()],
    networks: { [edge]: null, ...Object.fromEntries(inner.map(([network, address]) => [network, address === undefined ? null : { ipv4_address: address }])) },
    ports: relayed.flatMap(({ same: [port], target }) => entriesOf(port, target)),
    dns: NO_OUTER_NAMES,
    healthcheck: lowerCheck(HEALTH, lentShell(program({ HIDDEN: '', PORT: FIRST_PORT, TIMEOUT: HEALTH.timeout.toSeconds() }, ...hidden, CHECK_RELAY, CHECK_TCP))),
    stop_signal: runs.stopSignal,
    depends_on: { [SETUP_SERVICE]: { condition: 'service_started' } },
    restart: 'unless-stopped',
    ...lowerResources(RESOURCES),
  };
  return { name, service, configuration };
}

/** Only programs that take PROXY protocol have to know it. */
function addressOf({ owner, protocol }: Relay, workload: WorkloadBase, { networks }: ProjectContext): string | undefined {
  return protocol === Protocol.TCP ? networks.relayAddress(owner, workload) : undefined;
}

/** No name of a port has '_'. */
function nameOf({ endpoint: { portName }, member }: HostPort): string {
  return member === undefined ? portName : `${portName}_${member}`;
}

function serverOf(relay: Relay, { endpoint, member, proxyProtocolPort }: HostPort, context: ProjectContext): RelayServer {
  const workload = endpoint.workload!;
  const health = workload.containers.find(({ ports }) => ports.some(({ name }) => name === endpoint.portName))!.health;
  return {
    name: member ?? workload.name,
    host: endpoint.host,
    port: proxyProtocolPort ?? endpoint.port,
    proxyFrom: proxyProtocolPort === undefined ? undefined : addressOf(relay, workload, context),
    health: health?.kind === HealthCheckKind.HTTP && !health.tls && Object.keys(health.headers).length === 0 ? health : undefined,
  };
}
