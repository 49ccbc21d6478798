// What of a Compose file decides who is who, and who reaches whom.

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

/** Services that hold the address of one or more replicas of a workload. */
export function unitsOf(compose: any, workload: string): string[] {
  const names = Object.keys(compose.services).filter(name => ownerOf(compose, name) === name && containerOf(name) === 'main');
  const members = names.filter(name => new RegExp(`^${workload}-\\d+$`).test(name) && compose.services[name].hostname === name);
  return members.length > 0 ? members : names.filter(name => name.split('_')[0] === workload);
}

/** Services that take what clients send, and pass it on to a workload, of which they are none of the programs. */
export function relaysOf(compose: any, workload: string): string[] {
  const networks = unitsOf(compose, workload).flatMap(unit => networksOf(compose, unit));
  return Object.keys(compose.services).filter(service => service.includes('__relay_') && networksOf(compose, service).some(network => networks.includes(network)));
}

/** The service that runs a container of a replica. */
export function serviceOf(compose: any, workload: string, container: string, replica: number): string {
  const units = unitsOf(compose, workload);
  const unit = units[replica] ?? units[0]; // replicas of one service are alike
  const name = [`${unit}_${container}`, unit].find(each => compose.services[each] && (container === 'main' || each !== unit));
  if (!name) throw new Error(`${workload} has no container ${container}`);
  return name;
}
