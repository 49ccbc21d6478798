import { isIPv4, isIPv6 } from 'net';
import { isDnsName } from './names';

const LINK_LOCAL = '169.254.0.0/16';

/** True for an IPv4 range in CIDR notation that begins with its first address. */
export function isIPv4Range(range: string): boolean {
  return isIPv4(range.split('/')[0]) && canonicalRange(range) !== undefined;
}

/** The part of a wider range of IPv4 addresses that is link-local, where clouds answer with credentials; undefined if there is none. */
export function linkLocalPartOf(range: string): string | undefined {
  const [address, length] = range.split('/');
  return Number(length) < 16 && bitsOf(LINK_LOCAL.split('/')[0]).startsWith(bitsOf(address).slice(0, Number(length))) ? LINK_LOCAL : undefined;
}

/** The range of either family in its shortest form. It is undefined if it is none, or if its address is not the first one of the range. */
export function canonicalRange(range: string): string | undefined {
  const [given, length, ...rest] = range.split('/');
  const address = canonicalAddress(given);
  if (!address || rest.length > 0 || !isLength(length, isIPv4(address) ? 32 : 128)) return undefined;
  const bits = bitsOf(address);
  return /^0*$/.test(bits.slice(Number(length))) ? `${address}/${Number(length)}` : undefined;
}

/** The address of either family in its shortest form; undefined if it is none. */
export function canonicalAddress(address: string): string | undefined {
  if (isIPv4(address)) return address;
  // a zone is of one machine alone, and an IPv4 address in another form is one of two names for it
  return isIPv6(address) && /^[\da-f:]+$/i.test(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : undefined;
}

/** True for a DNS name in lower case, or an IPv4 address: what consists of digits and dots alone is an address, or nothing. */
export function isHost(host: string): boolean {
  return isIPv4(host) || (!/^[\d.]+$/.test(host) && isDnsName(host));
}

/** True for an address of the machine that asks. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function isLength(length: string | undefined, most: number): boolean {
  return length !== undefined && /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= most;
}

function bitsOf(address: string): string {
  if (isIPv4(address)) return address.split('.').map(part => Number(part).toString(2).padStart(8, '0')).join('');
  const [head, tail] = address.split('::').map(part => part === '' ? [] : part.split(':'));
  const missing = tail === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<string>(missing).fill('0'), ...tail ?? []].map(group => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
