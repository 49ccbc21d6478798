/** @throws if Kubernetes would not take the namespace. */
export function requireNamespace(path: string, namespace: string, option = 'namespace'): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw new Error(`${path}: '${option}' must be at most 63 lower-case letters, digits and hyphens, got '${namespace}'`);
  }
  return namespace;
}
