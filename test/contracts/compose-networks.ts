// What of a Compose file decides who reaches whom.

/** The service that holds the network address of a service: itself, or the one whose address it joins. */
export function ownerOf(compose: any, service: string): string {
  const [, owner] = /^service:(.+)$/.exec(compose.services[service].network_mode ?? '') ?? [];
  return owner === undefined ? service : ownerOf(compose, owner);
}

/** Networks on which a service is, under its own or another's address. */
export function networksOf(compose: any, service: string): string[] {
  return Object.keys(compose.services[ownerOf(compose, service)].networks ?? {});
}

/** Names of a service on a network. */
export function namesOn(compose: any, service: string, network: string): string[] {
  return [service, ...(compose.services[service].networks?.[network]?.aliases ?? [])];
}

/** Services that run a container of a workload; those of members, sets and single containers have endings. */
export function servicesOf(compose: any, workload: { name: string; replicas: number; stable: boolean }): string[] {
  const members = workload.stable ? Array.from({ length: workload.replicas }, (_, ordinal) => `${workload.name}-${ordinal}`) : [workload.name];
  return Object.keys(compose.services).filter(service => members.includes(service.split('_')[0]));
}

/** Name of the container that a service runs; `main` for an owner, which runs nothing. */
export function containerOf(service: string): string {
  return /_([a-z][a-z0-9-]*)$/.exec(service)?.[1] ?? 'main';
}
