/** Name of a class in the table of types, without its package. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Names under which an object of each prototype passes. */
const names = new WeakMap<object, Set<string>>();
const RUNTIME_TYPE = Symbol.for('jsii.rtti');

/** Goes by names, as a program may have two copies of a package. A compiler of bundles may change names, so jsii's own count first. */
export function isInstance(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return false;
  let present = names.get(prototype);
  if (!present) {
    present = new Set();
    for (let at: any = prototype; at !== null; at = Object.getPrototypeOf(at)) present.add(classNameOf(at.constructor));
    names.set(prototype, present);
  }
  return present.has(name) || present.has(shortName(name));
}

/** Full name of a class of another package, or name of one of this package, as the table writes them. */
export function classNameOf(constructor: any): string {
  if (typeof constructor !== 'function') return '';
  return Object.hasOwn(constructor, RUNTIME_TYPE) ? constructor[RUNTIME_TYPE].fqn.replace(/^cdk8s-conduit\./, '') : constructor.name;
}
