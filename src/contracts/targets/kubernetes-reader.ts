import { contains, Labels, Policies } from './network-policy';
import { Protocol } from '../../model/endpoint';
import { HealthCheckKind } from '../../model/health-check';
import { Volume } from '../../model/volume';
import { RestartPolicy } from '../../model/workload';
import { withinLimit } from '../../private/hash';
import { SECRET_VARIABLE } from '../../targets/secret-variable';
import type { TestOutput } from '../../test-output';
import type { ContainerFacts, HealthFacts, IProgramFacts, IProgramReader, MountFacts, StorageFacts } from '../program-facts';

/** Reads objects as the API server, the kubelet and the network do. */
export class KubernetesReader implements IProgramReader {
  public read({ documents }: TestOutput): IProgramFacts {
    return new KubernetesFacts(documents);
  }
}

class KubernetesFacts implements IProgramFacts {
  private readonly policies: Policies;

  public constructor(private readonly objects: any[]) {
    const namespace = objects[0].metadata.namespace ?? 'default';
    this.policies = new Policies(objects, { 'kubernetes.io/metadata.name': namespace });
  }

  public container(workload: string, name = 'main', replica = 0): ContainerFacts {
    const { kind, spec: { template, backoffLimit } } = this.controller(workload);
    const pod = template.spec;
    const container = containersOf(pod).find(each => modelName(template, each.name) === name);
    if (!container) throw new Error(`${workload} has no container ${name}`);
    const context = container.securityContext;
    const mounted = (container.volumeMounts ?? []).map((mount: any) => ({ mount, source: this.sourceOf(workload, replica, mount.name) }));
    const isScratch = ({ mount }: any) => mount.name.startsWith('writable-');
    return {
      image: container.image,
      command: container.command?.map((word: string) => expand(word)),
      args: container.args?.map((word: string) => expand(word)),
      env: variables(container.env ?? []),
      uid: context.runAsUser,
      gid: context.runAsGroup,
      readOnlyRoot: context.readOnlyRootFilesystem === true,
      privileged: context.allowPrivilegeEscalation !== false || !context.capabilities?.drop?.includes('ALL') || context.capabilities.add !== undefined || context.privileged === true,
      writablePaths: mounted.filter(isScratch).map(({ mount }: any) => mount.mountPath),
      files: Object.fromEntries(mounted.flatMap(({ mount, source }: any) => source.texts ? [[mount.mountPath, source.texts.map((text: any) => text[mount.subPath]).join('')]] : [])),
      secrets: Object.fromEntries(mounted.flatMap(({ mount, source }: any) => (source.projected?.sources ?? [])
        .flatMap(({ secret }: any) => secret.items.map((item: any) => [`${mount.mountPath}/${item.path}`, secret.name])))),
      mounts: Object.fromEntries(mounted.filter((each: any) => each.source.storage && !isScratch(each))
        .map(({ mount, source }: any): [string, MountFacts] => [mount.mountPath, { storage: source.storage, directory: (mount.subPath ?? '').replace(/^data\/?/, ''), readOnly: mount.readOnly ?? false }])),
      health: container.readinessProbe && health(container.readinessProbe),
      resources: {
        cpuLimit: container.resources.limits.cpu && processors(container.resources.limits.cpu),
        cpuRequest: processors(container.resources.requests.cpu),
        memoryLimit: mebibytes(container.resources.limits.memory),
        memoryRequest: mebibytes(container.resources.requests.memory),
        diskLimit: mebibytes(container.resources.limits['ephemeral-storage']),
      },
      sharesGroup: pod.securityContext.fsGroup === Volume.GID,
      stopSignal: signalOf(container.lifecycle?.preStop?.exec?.command),
      stopSeconds: pod.terminationGracePeriodSeconds && pod.terminationGracePeriodSeconds - pauseOf(container.lifecycle?.preStop),
      restart: kind !== 'Job' ? RestartPolicy.ALWAYS : pod.restartPolicy === 'OnFailure' ? RestartPolicy.ON_FAILURE : undefined,
      retries: backoffLimit,
      startsAfter: this.startsAfter(workload, pod, container),
    };
  }

  public replicas(workload: string): number {
    return this.controller(workload).spec.replicas ?? 1;
  }

  public sharesAddress(): boolean {
    return true; // of one pod
  }

  public reaches(client: string, server: string, port: number, protocol = Protocol.TCP): boolean {
    const name = containersOf(this.controller(server).spec.template.spec).flatMap(container => container.ports ?? [])
      .find((each: any) => each.containerPort === port && each.protocol === protocol)?.name;
    return this.policies.connects(this.labels(client), this.labels(server), { port, protocol, name });
  }

  public reachesExternal(client: string, address: string, port: number, protocol = Protocol.TCP): boolean {
    return this.policies.leaves(this.labels(client), address, { port, protocol });
  }

  /** A Service that leads in from outside keeps the client's address, by which policies let it in or not. Loopback addresses forward by themselves. */
  public reachedFrom(address: string, server: string, hostPort: number, protocol = Protocol.TCP): boolean {
    const { labels, template } = this.podsOf(server);
    return this.objects.filter(({ kind, spec }) => kind === 'Service' && ['LoadBalancer', 'NodePort'].includes(spec.type) && spec.externalTrafficPolicy === 'Local')
      .filter(({ spec }) => Object.entries(spec.selector).every(([key, value]) => labels[key] === value))
      .filter(({ spec }) => (spec.loadBalancerSourceRanges ?? ['0.0.0.0/0']).some((range: string) => contains(range, address)))
      .flatMap(({ spec }) => spec.ports).filter((each: any) => each.port === hostPort && each.protocol === protocol)
      .some(({ targetPort }: any) => {
        const found = containersOf(template.spec).flatMap(({ ports = [] }) => ports).find(({ name }) => name === targetPort);
        return found !== undefined && this.policies.enters(address, labels, { port: found.containerPort, protocol, name: targetPort });
      });
  }

  public resolves(_client: string, host: string): string[] {
    const [first, subdomain] = host.split('.');
    const service = this.objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === (subdomain ?? first));
    return (service ? this.objects.filter(({ spec }) => spec?.template && spec.replicas) : []).flatMap(({ kind, metadata, spec }) =>
      Array.from({ length: spec.replicas }, (_, replica) => `${metadata.name}-${replica}`).filter(pod => {
        const labels: Labels = { ...spec.template.metadata.labels, ...(kind === 'StatefulSet' ? { 'statefulset.kubernetes.io/pod-name': pod } : {}) };
        return Object.entries(service.spec.selector).every(([key, value]) => labels[key] === value)
          && (subdomain === undefined || (spec.serviceName === subdomain && pod === first));
      }));
  }

  public storage(name: string): StorageFacts {
    const claim = this.objects.find(({ kind, metadata }) => kind === 'PersistentVolumeClaim' && name === metadata.name)
      ?? this.objects.flatMap(({ spec }) => spec?.volumeClaimTemplates ?? []).find(({ metadata }) => name.startsWith(`${metadata.name}-`));
    return claim === undefined ? { persistent: false } : {
      persistent: true, size: mebibytes(claim.spec.resources.requests.storage), storageClass: claim.spec.storageClassName,
    };
  }

  private find(kind: string, name: string): any {
    const found = this.objects.find(object => object.kind === kind && object.metadata.name === name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  /** Of a workload, or of a task. */
  private controller(workload: string): any {
    return this.objects.find(({ spec, metadata }) => spec?.template && metadata.labels['app.kubernetes.io/name'] === workload);
  }

  /** Pods of a workload, or the one of a member. */
  private podsOf(server: string): { labels: Labels; template: any } {
    const [, workload] = this.controller(server) ? [] : /^(.*)-\d+$/.exec(server)!;
    const { template } = this.controller(workload ?? server).spec;
    return { template, labels: { ...template.metadata.labels, ...(workload ? { 'statefulset.kubernetes.io/pod-name': server } : {}) } };
  }

  private labels(workload: string): Labels {
    return this.controller(workload).spec.template.metadata.labels;
  }

  private sourceOf(workload: string, replica: number, name: string): any {
    const { spec } = this.controller(workload);
    const volume = spec.template.spec.volumes?.find((each: any) => each.name === name);
    if (volume?.persistentVolumeClaim) return { storage: volume.persistentVolumeClaim.claimName };
    if (volume?.configMap) return { texts: [this.find('ConfigMap', volume.configMap.name).data] };
    if (name.startsWith('joined-')) {
      const parts = spec.template.spec.volumes.find((each: any) => each.name === name.replace('joined-', 'config-'));
      return { texts: parts.projected.sources.map(({ configMap }: any) => this.find('ConfigMap', configMap.name).data) };
    }
    if (volume?.emptyDir) return { storage: `${name} of ${workload}-${replica}` };
    return volume ?? { storage: `${spec.volumeClaimTemplates.find((each: any) => each.metadata.name === name).metadata.name}-${workload}-${replica}` };
  }

  /** Init containers run one after another; one that restarts holds the next ones back until its start-up probe succeeds. */
  private startsAfter(workload: string, pod: any, container: any): string[] {
    const inits: any[] = pod.initContainers ?? [];
    const earlier = inits.includes(container) ? inits.slice(0, inits.indexOf(container)) : inits;
    return earlier.flatMap(({ name, command, restartPolicy, startupProbe }) => {
      if (name === 'conduit-wait') return [...new Set(command.slice(4).join(' ').split(' ').flatMap((address: string) => this.readyBehind(address)))] as string[];
      if (name.startsWith('conduit-await-')) return [`${this.awaitedBy(name)}/main completed`];
      if (name.startsWith('conduit-')) return [];
      return restartPolicy !== 'Always' ? [`${workload}/${name} completed`] : startupProbe ? [`${workload}/${name} healthy`] : [];
    });
  }

  /** The task that a container waits for. */
  private awaitedBy(container: string): string {
    const names: string[] = this.objects.flatMap(({ spec }) => spec?.template?.metadata.labels['app.kubernetes.io/name'] ?? []);
    return names.find(name => withinLimit(`conduit-await-${name}`) === container)!;
  }

  /** A Service leads to a pod when each of its containers is ready. */
  private readyBehind(address: string): string[] {
    const [host] = address.split(':');
    const [pod] = this.resolves('', host);
    const server = pod.replace(/-\d+$/, '');
    const { template } = this.controller(server).spec;
    return containersOf(template.spec).filter(container => container.readinessProbe && !isInit(template.spec, container))
      .map(({ name }) => `${server}/${modelName(template, name)} healthy`);
  }
}

/** What the model calls a container: that which `kubectl` looks into by itself is the main one. */
function modelName({ metadata }: any, container: string): string {
  return container === metadata.annotations['kubectl.kubernetes.io/default-container'] ? 'main' : container;
}

function containersOf(pod: any): any[] {
  return [...pod.initContainers ?? [], ...pod.containers];
}

function isInit(pod: any, container: any): boolean {
  return (pod.initContainers ?? []).includes(container) && container.restartPolicy !== 'Always';
}

function health(probe: any): HealthFacts {
  const { exec, httpGet, tcpSocket } = probe;
  const timing = { intervalSeconds: probe.periodSeconds, timeoutSeconds: probe.timeoutSeconds, failures: probe.failureThreshold };
  if (exec) return { kind: HealthCheckKind.COMMAND, words: exec.command.map((word: string) => expand(word)), ...timing };
  return httpGet ? { kind: HealthCheckKind.HTTP, port: httpGet.port, path: httpGet.path, ...timing }
    : { kind: HealthCheckKind.TCP, port: tcpSocket.port, ...timing };
}

/** What the kubelet makes of a text: `$$` is a dollar. A reference to a variable would be a text that was not meant. */
function expand(text: string, known: Record<string, string> = {}): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (_, name) => {
    if (name !== undefined && !Object.hasOwn(known, name)) throw new Error(`the kubelet would look for a variable in '${text}'`);
    return name === undefined ? '$' : known[name];
  });
}

/** A value may refer to those above it. What the library adds for that is left out. */
function variables(env: any[]): Record<string, string> {
  const known: Record<string, string> = {};
  for (const { name, value, valueFrom } of env.filter(each => !each.valueFrom?.fieldRef)) {
    known[name] = valueFrom ? `secret:${valueFrom.secretKeyRef.name}` : expand(value, known);
  }
  return Object.fromEntries(Object.entries(known).filter(([name]) => !SECRET_VARIABLE.test(name)));
}

const UNITS: Record<string, number> = { m: 0.001, k: 1000, Mi: 1, Gi: 1024, Ti: 1024 ** 2, Pi: 1024 ** 3, Ei: 1024 ** 4 };

function amount(text: string, units: string[]): number {
  const [, number, unit] = /^(\d+)([A-Za-z]*)$/.exec(text)!;
  if (!units.includes(unit)) throw new Error(`'${text}' is no quantity of its kind`);
  return Number(number) * (UNITS[unit] ?? 1);
}

function processors(quantity: string): number {
  return amount(quantity, ['m', '', 'k']);
}

function mebibytes(quantity: string): number {
  return amount(quantity, ['Mi', 'Gi', 'Ti', 'Pi', 'Ei']);
}

function signalOf(command?: string[]): string | undefined {
  const [, signal] = /^SIGNAL=(\w+)\n(?:.*\n)*kill -s "\$SIGNAL" 1\n/m.exec(command?.[2] ?? '') ?? [];
  return signal && `SIG${signal}`;
}

/** Seconds for which a hook holds back the request to end. */
function pauseOf(hook?: any): number {
  return hook?.sleep?.seconds ?? Number(/^(?:sh -c PAUSE=|sleep )(\d+)/.exec(hook?.exec?.command.join(' ') ?? '')?.[1] ?? 0);
}
