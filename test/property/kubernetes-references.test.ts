import type { Description } from './description';
import { forAllApplications, synthesize } from './synthesis';

test('in the manifests nothing refers to what is not there, and no name stands twice', () => {
  forAllApplications(description => {
    const { objects } = synthesize(description);
    const index = new Index(objects);
    expect(index.duplicates).toEqual([]);
    for (const { kind, spec } of objects) {
      if (kind === 'StatefulSet') expect(index.has('Service', spec.serviceName)).toBe(true);
      if (spec?.template) expect(problemsOf(spec, index, description)).toEqual([]);
      if (kind === 'Service') expect(index.podsWith(spec.selector)).not.toEqual([]);
      if (kind === 'PodDisruptionBudget') expect(index.podsWith(spec.selector.matchLabels)).toHaveLength(1);
      if (kind === 'NetworkPolicy') expect(index.podsWith(spec.podSelector.matchLabels)).not.toEqual([]);
    }
    expect(index.unusedClaims).toEqual([]);
  });
});

test('secrets are referred to, never written', () => {
  forAllApplications(description => {
    const { objects } = synthesize(description);
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const external = objects.filter(({ kind }) => kind === 'ExternalSecret').map(({ metadata }) => metadata.name);
    expect(external.sort()).toEqual(description.secretStore ? Object.keys(keysOf(description)).sort() : []);
    const definitions = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('broker-definitions'));
    for (const { name, password } of definitions ? JSON.parse(definitions.data.content).users : []) expect(password).toBe(`@{${name}}`);
  });
});

/** Secrets that the description names, with the key of each. */
function keysOf({ nodes, secrets, queues }: Description): Record<string, string> {
  const grants = queues.flatMap(({ grants: all }, number) => all.map(({ node, container, right }) => {
    const { name, containers } = nodes[node];
    const who = container === 0 ? name : `${name}-${containers[container].name}`;
    return [`queue-${number}-${who}-${right === 'receive dead letters' ? 'receive-dead' : right}`, 'password'];
  }));
  return Object.fromEntries([...secrets.map(({ name, key }) => [name, key]), ...grants]);
}

class Index {
  private readonly names: string[];
  private readonly claims = new Set<string>();

  public constructor(private readonly objects: any[]) {
    this.names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  }

  public get duplicates(): string[] {
    return duplicates(this.names);
  }

  public get unusedClaims(): string[] {
    return this.objects.filter(({ kind, metadata }) => kind === 'PersistentVolumeClaim' && !this.claims.has(metadata.name)).map(({ metadata }) => metadata.name);
  }

  public has(kind: string, name: string): boolean {
    if (kind === 'PersistentVolumeClaim') this.claims.add(name);
    return this.names.includes(`${kind} ${name}`);
  }

  public data(configMap: string): Record<string, string> {
    return this.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap).data;
  }

  /** Names of workloads whose pods have these labels. */
  public podsWith(labels: Record<string, string>): string[] {
    return this.objects.filter(({ kind, metadata, spec }) => spec?.template && Object.entries(labels).every(([key, value]) =>
      key === 'statefulset.kubernetes.io/pod-name'
        ? kind === 'StatefulSet' && Array.from({ length: spec.replicas }, (_, ordinal) => `${metadata.name}-${ordinal}`).includes(value)
        : spec.template.metadata.labels[key] === value)).map(({ metadata }) => metadata.name);
  }
}

function problemsOf({ selector, template, volumeClaimTemplates = [] }: any, index: Index, description: Description): string[] {
  const { metadata, spec } = template;
  const keys = keysOf(description);
  const containers: any[] = [...spec.initContainers ?? [], ...spec.containers];
  const volumes: any[] = spec.volumes ?? [];
  const offered = [...volumes.map(({ name }) => name), ...volumeClaimTemplates.map((claim: any) => claim.metadata.name)];
  const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const problems = [
    ...duplicates(offered).map(name => `volume ${name} twice`),
    ...duplicates(containers.map(({ name }) => name)).map(name => `container ${name} twice`),
    ...duplicates(spec.containers.concat(spec.initContainers ?? []).flatMap(({ ports = [] }: any) => ports.map(({ name }: any) => name))).map(name => `port ${name} twice`),
    ...offered.filter(name => !mounted.some(mount => mount.name === name)).map(name => `volume ${name} unused`),
    ...mounted.filter(({ name }) => !offered.includes(name)).map(({ name }) => `no volume ${name}`),
  ];
  const require = (holds: boolean, problem: string) => { if (!holds) problems.push(problem); };
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) require(metadata.labels[key] === value, `selector ${key}`);
  require(index.has('ServiceAccount', spec.serviceAccountName), `service account ${spec.serviceAccountName}`);
  for (const { configMap, persistentVolumeClaim, projected } of volumes) {
    if (configMap) require(index.has('ConfigMap', configMap.name), `config map ${configMap.name}`);
    if (persistentVolumeClaim) require(index.has('PersistentVolumeClaim', persistentVolumeClaim.claimName), `claim ${persistentVolumeClaim.claimName}`);
    for (const { secret } of projected?.sources ?? []) require(secret.items.every((item: any) => item.key === keys[secret.name]), `secret ${secret.name}`);
  }
  for (const { name, env = [], volumeMounts = [], command = [] } of containers) {
    problems.push(...duplicates(env.map((variable: any) => variable.name)).map(variable => `${name}: variable ${variable} twice`));
    problems.push(...duplicates(volumeMounts.map(({ mountPath }: any) => mountPath)).map(path => `${name}: mount ${path} twice`));
    for (const { valueFrom } of env) if (valueFrom) require(keys[valueFrom.secretKeyRef.name] === valueFrom.secretKeyRef.key, `${name}: secret ${valueFrom.secretKeyRef.name}`);
    for (const { name: volume, subPath } of volumeMounts) {
      const configMap = volumes.find(each => each.name === volume)?.configMap?.name;
      if (configMap) require(index.data(configMap)[subPath] !== undefined, `${name}: key ${subPath} of ${configMap}`);
    }
    if (name === 'conduit-wait') for (const address of command.slice(4)) require(index.has('Service', address.split(':')[0].split('.').pop()), `${name}: ${address}`);
  }
  // a pod that must stand beside pods that there are not would never be scheduled
  for (const term of spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
    for (const [key, value] of Object.entries(term.labelSelector.matchLabels)) require(metadata.labels[key] === value, `affinity ${key}`);
  }
  return problems;
}

function duplicates(names: string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
