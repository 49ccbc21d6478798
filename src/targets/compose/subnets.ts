import { createHash } from 'crypto';
import { shortHash } from '../../private/hash';
import { byText } from '../../private/names';

/** A network that needs a subnet for so many containers. */
export interface SubnetRequest {
  readonly network: string;
  readonly containers: number;
}

/** Sizes of subnets: room for 13, 253 and 4,093 containers beside the gateway. */
const PREFIXES = [28, 24, 20];

/** Ranges of first bytes that no network of containers can have, and what they are. */
const KEPT_BLOCKS: [from: number, to: number, reason: string][] = [
  [0, 0, 'addresses that begin with 0 mean the machine itself'],
  [127, 127, 'addresses that begin with 127 are those of each machine itself'],
  [224, 255, 'addresses from 224.0.0.0 on are for multicast, or reserved'],
];

/** A bridge of Linux has 1,024 ports, of which the machine needs some. */
const MOST_CONTAINERS = 1_000;

/** A block for a project that has none of its own: one of fifteen within 10.0.0.0/8, by the project's name. */
export function defaultBlock(project: string): string {
  return `10.${16 * (1 + hash(project) % 15)}.0.0/12`;
}

/**
 * Gives each network a subnet of the block. Its place follows from the names of project and network, so that it
 * stays when networks are added. If two names lead to the same place, the second one gets the next free place.
 * @throws if the block is malformed or full, or a network has too many containers.
 */
export function allocateSubnets(project: string, block: string, requests: SubnetRequest[]): Map<string, string> {
  const { base, prefix: blockPrefix } = parseBlock(project, block);
  const large = requests.filter(({ containers }) => containers > MOST_CONTAINERS).map(({ network, containers }) => `'${network}' (${containers})`).sort(byText);
  if (large.length > 0) {
    throw new Error(`compose project '${project}': a network has at most ${MOST_CONTAINERS} containers, more on ${large.join(', ')}; use fewer replicas`);
  }
  const taken = new Set<number>();
  const subnets = new Map<string, string>();
  const sized = requests.map(({ network, containers }) => ({ network, prefix: prefixFor(containers) }));
  for (const { network, prefix } of sized.sort((a, b) => a.prefix - b.prefix || byText(a.network, b.network))) {
    const places = 2 ** (prefix - blockPrefix);
    const units = 2 ** (PREFIXES[0] - prefix);
    const isFree = (place: number) => Array.from({ length: units }, (_, unit) => place * units + unit).every(unit => !taken.has(unit));
    let place = places >= 1 ? hash(`${project}/${network}`) % places : 0;
    for (let tries = 0; !isFree(place) && tries < places; tries++) place = (place + 1) % places;
    if (places < 1 || !isFree(place)) {
      throw new Error(`compose project '${project}': 'networkBlock' ${block} has no room for ${requests.length} networks; give a larger block`);
    }
    for (let unit = 0; unit < units; unit++) taken.add(place * units + unit);
    subnets.set(network, `${formatAddress(base + place * 2 ** (32 - prefix))}/${prefix}`);
  }
  return subnets;
}

/** The first address of a subnet, which the engine gives the gateway unless told otherwise. */
export function gatewayOf(subnet: string): string {
  const [address] = subnet.split('/');
  return address.replace(/\d+$/, last => `${Number(last) + 1}`);
}

/** The last address of a subnet that a container can have. */
export function lastOf(subnet: string): string {
  const { base, length } = parse(subnet);
  return formatAddress(base + 2 ** (32 - length) - 2);
}

/** The first half of a subnet, with the gateway's address. */
export function lowerHalfOf(subnet: string): string {
  const { base, length } = parse(subnet);
  return `${formatAddress(base)}/${length + 1}`;
}

function parse(subnet: string): { base: number; length: number } {
  const [address, length] = subnet.split('/');
  return { base: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), length: Number(length) };
}

/** A subnet of the addresses that anybody may use, and its gateway. It follows from the names alone, as of so many hardly ever two are the same. */
export function ipv6Subnet(project: string, network: string): { subnet: string; gateway: string } {
  const groups = `fd${shortHash(`${project}/${network}`, 14)}`.match(/.{4}/g)!.join(':');
  return { subnet: `${groups}::/64`, gateway: `${groups}::1` };
}

/** Leaves room for some more replicas, and for the network's, the gateway's and the broadcast address. */
function prefixFor(containers: number): number {
  return PREFIXES.find(prefix => 2 ** (32 - prefix) - 3 >= containers + 4)!;
}

function parseBlock(project: string, block: string): { base: number; prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  const [first, second, third, fourth, prefix] = (match ?? []).slice(1).map(Number);
  const base = ((first * 256 + second) * 256 + third) * 256 + fourth;
  const valid = match && [first, second, third, fourth].every(part => part <= 255) && prefix >= 8 && prefix <= 28 && base % 2 ** (32 - prefix) === 0;
  if (!valid) throw new Error(`compose project '${project}': 'networkBlock' must be an aligned IPv4 range from /8 to /28 such as 10.32.0.0/12, got '${block}'`);
  const kept = KEPT_BLOCKS.find(([from, to]) => first >= from && first <= to);
  if (kept) throw new Error(`compose project '${project}': 'networkBlock' ${block} cannot be used, as ${kept[2]}; give a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16`);
  return { base, prefix };
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join('.');
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
