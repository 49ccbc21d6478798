import { withinLimit } from '../../private/hash';

/** Most characters of the names of services and networks, and of those of configs and secrets; each begins with the stack's and `_`. */
const SERVICE_LIMIT = 63;
const CONFIG_LIMIT = 64;
/** `_` and the characters that tell one content from another. */
export const HASH_LENGTH = 10;

/** Name of a service or network within its stack. */
export function shortName(stack: string, name: string): string {
  return withinLimit(name, SERVICE_LIMIT - stack.length - 1);
}

/** Name of a config or secret within its stack: another one for each content. */
export function hashedName(stack: string, name: string, hash: string): string {
  return `${withinLimit(name, CONFIG_LIMIT - stack.length - 2 - HASH_LENGTH)}_${hash}`;
}

/** Whether a service of that name can be in the stack. Workloads keep their names, by which others reach them. */
export function fits(stack: string, service: string): boolean {
  return stack.length + 1 + service.length <= SERVICE_LIMIT;
}

/** Most characters of a stack's name. */
export const STACK_LIMIT = 40;
