import type { Application, PortPublishing } from 'cdk8s-conduit';
import { loadAll } from 'js-yaml';
import { clusterEnvironment, ClusterKind, clusterKind, ClusterOptions, describeCluster, loadImages, nodeAddress, openCluster, removeNamespace, whatClusterLacks } from './cluster';
import { attempt, command, CommandOptions, Outcome } from './command';
import { Ability, Deployment, Engine, LogLine, Neighbour, Outside, Program, Remains, Replica, StartOptions, timeoutOf } from './deployment';
import { forward, neighbourOfNodes } from './entrances';
import { eventually } from './eventually';
import { killOnNode, removeNodePrograms } from './node-programs';
import { mainOf, podForOnce } from './once';
import { Output } from './output';
import { serveAt } from './outside';
import { linesOf, textOf } from './pod-logs';
import { isReady, statusesOf, statusOf } from './pod-status';
import { remainsOf } from '../cluster/remains';

const MINUTE = 60_000;

/** A cluster whose network enforces NetworkPolicies, and whose nodes reach the machine of the container engine: that of test/cluster, or another one. */
export class Kubernetes implements Engine {
  public readonly name = 'Kubernetes';
  public readonly missing?: string;

  public constructor() {
    if (clusterKind() === ClusterKind.NONE) this.missing = "no cluster; 'npm run test:cluster' starts one, and KUBECONFIG with CONDUIT_LOAD_IMAGE names another";
  }

  public lacks(ability: Ability): string | undefined {
    return whatClusterLacks(ability);
  }

  /** Starts the cluster in CI, and waits while it is still built. */
  public async open(options: ClusterOptions = {}): Promise<void> {
    if (this.missing) throw new Error(this.missing);
    await openCluster(options);
  }

  public async describe(): Promise<string> {
    return describeCluster();
  }

  /** Of the container engine's machine, on its way to the first node. */
  public async outsideAddress(): Promise<string> {
    const words = ['run', '--rm', '--network=host', 'busybox:1.37.0-musl', 'ip', 'route', 'get', await nodeAddress()];
    return / src (\S+)/.exec(await command('docker', words, { env: clusterEnvironment() }))![1];
  }

  public async outside(): Promise<Outside> {
    return serveAt(await this.outsideAddress(), clusterEnvironment());
  }

  public async neighbour(): Promise<Neighbour> {
    return neighbourOfNodes(await this.outside());
  }

  public example(name: string): KubernetesDeployment {
    return new KubernetesDeployment(name, () => Output.ofExample(name));
  }

  public application(application: Application, brought?: Record<string, string>, portPublishing?: PortPublishing): KubernetesDeployment {
    return new KubernetesDeployment(application.name, namespace => Output.ofApplication(application, namespace, { brought, portPublishing }));
  }
}

/** A generated manifest, applied to a namespace of its own, that enforces the Pod Security Standard "restricted". */
export class KubernetesDeployment implements Deployment {
  private static count = 0;

  public readonly namespace: string;
  public readonly output: Output;
  private prepared = false;
  private readonly applied = new Set<string>();
  private readonly stopped = new Map<string, number>();

  public constructor(name: string, generate: (namespace: string) => Output) {
    this.namespace = `conduit-${name.toLowerCase().slice(0, 30)}-${process.pid}-${KubernetesDeployment.count++}`;
    this.output = generate(this.namespace);
  }

  public get secrets(): Record<string, string> {
    return Object.fromEntries(this.output.secrets.map(({ name, value }) => [name, value]));
  }

  public async start(options: StartOptions = {}): Promise<void> {
    await this.prepare();
    await this.apply();
    await this.untilReady(options);
  }

  /** Applies the manifest, or an earlier one, and does not wait. */
  public async apply(manifest = this.output.manifest): Promise<void> {
    this.applied.add(manifest);
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: manifest, timeoutMs: 2 * MINUTE });
  }

  /** Makes what a manifest expects to be there: images, the namespace, secrets. */
  public async prepare(): Promise<void> {
    if (this.prepared) return;
    this.prepared = true;
    const services: any[] = Object.values(this.output.compose.services);
    const images = [...new Set<string>(services.filter(({ build }) => build).map(({ image }) => image))];
    if (images.length > 0) {
      await command('docker', ['compose', '-f', this.output.composeFile, 'build', '--quiet'], { env: clusterEnvironment(), timeoutMs: 5 * MINUTE });
      await loadImages(images);
    }
    const labels = Object.fromEntries(['enforce', 'warn', 'audit'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
    await this.kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels } }) });
    await this.applySecrets();
  }

  private async applySecrets(): Promise<void> {
    const secrets = this.output.secrets.map(({ name, key, value }) => ({
      apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: this.namespace }, stringData: { [key]: value },
    }));
    if (secrets.length > 0) await this.kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: secrets }) });
  }

  public async update(application: Application, { except = [] }: { readonly except?: readonly string[] } = {}): Promise<void> {
    const running = this.jobs();
    this.output.write(application, this.namespace);
    const again = this.jobs().filter(name => !running.includes(name));
    await this.applySecrets();
    if (again.length > 0) await this.kubectl(['delete', '--ignore-not-found', 'jobs', ...again]); // else one of an earlier state would not run again
    await this.apply();
    await this.untilReady({ except });
  }

  private jobs(): string[] {
    return this.declared().filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
  }

  public async replicas(workload: string): Promise<Replica[]> {
    return (await this.pods(workload)).map(pod => ({
      name: pod.metadata.name,
      id: pod.metadata.uid,
      addresses: pod.status.podIP ? [pod.status.podIP] : [],
      restarts: Object.fromEntries(statusesOf(pod).map((status: any) => [status.name === mainOf(pod) ? 'main' : status.name, status.restartCount])),
      healthy: isReady(pod),
    }));
  }

  public exec(program: Program, ...words: string[]): Promise<string> {
    return this.execArgs(program, words).then(args => this.kubectl(args, { timeoutMs: timeoutOf(program) }));
  }

  public async tryExec(program: Program, ...words: string[]): Promise<Outcome> {
    return attempt('kubectl', ['-n', this.namespace, ...await this.execArgs(program, words)], { env: clusterEnvironment(), timeoutMs: timeoutOf(program) });
  }

  public async runOnce(workload: string, ...words: string[]): Promise<string> {
    const { spec: { template } } = await this.controllerOf(workload);
    const pod = podForOnce(workload, template, words);
    const created = JSON.parse(await this.kubectl(['create', '-o', 'json', '-f', '-'], { input: JSON.stringify(pod) })).metadata.name;
    const phase = await eventually(async () => {
      const found = await this.kubectl(['get', 'pod', created, '-o', 'jsonpath={.status.phase}']);
      return (found === 'Succeeded' || found === 'Failed') && found;
    }, { what: `${workload} to run ${words.join(' ')}`, timeoutMs: MINUTE });
    const written = await this.kubectl(['logs', created]);
    await this.kubectl(['delete', 'pod', created, '--wait=false']);
    if (phase === 'Failed') throw new Error(`${workload}: ${words.join(' ')} failed:\n${written}`);
    return written;
  }

  public async kill(program: Program): Promise<void> {
    const { pod, container } = await this.place(program);
    const before = statusOf(pod, container);
    await killOnNode(pod.spec.nodeName, before.containerID.replace(/^.*:\/\//, ''));
    await eventually(async () => {
      const now = statusOf((await this.pods(program)).find(({ metadata }) => metadata.uid === pod.metadata.uid), container);
      return now.restartCount > before.restartCount && now.state.running !== undefined;
    }, { what: `${container} of ${pod.metadata.name} to come back`, timeoutMs: 2 * MINUTE });
  }

  /** By a policy of Cilium's, as those of Kubernetes can only allow. */
  public async cut(workload: string, member: number): Promise<void> {
    const name = `${workload}-${member}`;
    const isMember = { key: 'statefulset.kubernetes.io/pod-name', operator: 'In', values: [name] };
    const others = { matchLabels: { 'app.kubernetes.io/name': workload }, matchExpressions: [{ ...isMember, operator: 'NotIn' }] };
    const policy = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: `cut-${name}`, namespace: this.namespace },
      spec: { endpointSelector: { matchExpressions: [isMember] }, ingressDeny: [{ fromEndpoints: [others] }], egressDeny: [{ toEndpoints: [others] }] },
    };
    await this.kubectl(['apply', '-f', '-'], { input: JSON.stringify(policy) });
  }

  public async heal(workload: string, member: number): Promise<void> {
    await this.kubectl(['delete', 'ciliumnetworkpolicy', `cut-${workload}-${member}`]);
  }

  public async scale(workload: string, n: number): Promise<void> {
    const { kind } = await this.controllerOf(workload);
    await this.kubectl(['scale', `${kind.toLowerCase()}/${workload}`, `--replicas=${n}`]);
    await eventually(async () => {
      const pods = await this.pods(workload, { ending: true });
      return pods.length === n && pods.every(isReady);
    }, { what: `${n} replicas of ${workload}`, timeoutMs: 3 * MINUTE });
  }

  public async stop(workload: string): Promise<void> {
    this.stopped.set(workload, (await this.controllerOf(workload)).spec.replicas);
    await this.scale(workload, 0);
  }

  public async resume(workload: string): Promise<void> {
    await this.scale(workload, this.stopped.get(workload)!);
  }

  public async replace(program: Program): Promise<void> {
    const workload = typeof program === 'string' ? program : program.workload;
    const { kind } = await this.controllerOf(workload);
    await this.kubectl(['rollout', 'restart', `${kind.toLowerCase()}/${workload}`]);
    await this.kubectl(['rollout', 'status', `${kind.toLowerCase()}/${workload}`, '--timeout=180s'], { timeoutMs: 4 * MINUTE });
  }

  public async visit(workload: string): Promise<string> {
    const { spec: { ports: [{ port }] } } = JSON.parse(await this.kubectl(['get', `service/${workload}`, '-o', 'json']));
    return forward(this.namespace, `service/${workload}`, port, async address => (await (await fetch(`http://${address}`)).text()).trim());
  }

  public async entrance(workload: string): Promise<number> {
    return JSON.parse(await this.kubectl(['get', `service/conduit-public-${workload}`, '-o', 'json'])).spec.ports[0].nodePort;
  }

  public async delete(): Promise<Remains> {
    const manifests = [...this.applied].join('---\n'); // earlier ones, too, whose Jobs stay beside later ones
    await this.kubectl(['delete', '--ignore-not-found', '--timeout=120s', '-f', '-'], { input: manifests, timeoutMs: 3 * MINUTE });
    return remainsOf(this.namespace, this.output.manifest, Object.keys(this.secrets));
  }

  public async logs(workload: string): Promise<LogLine[]> {
    const pods = await this.pods(workload, { ending: true });
    return (await Promise.all(pods.map(pod => linesOf(this.namespace, pod)))).flat();
  }

  public async visible(): Promise<string> {
    const objects = await this.kubectl(['get', 'all,configmaps,networkpolicies,persistentvolumeclaims,serviceaccounts,events', '-o', 'json']);
    const pods: any[] = JSON.parse(objects).items.filter(({ kind }: any) => kind === 'Pod');
    const logs = await Promise.all(pods.map(pod => textOf(this.namespace, pod)));
    return [objects, this.output.manifest, ...logs].join('\n');
  }

  public async remove(): Promise<void> {
    await Promise.all([removeNamespace(this.namespace), removeNodePrograms()]);
    this.output.remove();
  }

  /** What kubectl wrote. */
  public kubectl(args: string[], options: CommandOptions = {}): Promise<string> {
    return command('kubectl', ['-n', this.namespace, ...args], { env: clusterEnvironment(), ...options });
  }

  /** Pods that a controller made for a workload, those that end too if so wanted, by age. */
  public async pods(program: Program, { ending = false }: { readonly ending?: boolean } = {}): Promise<any[]> {
    const workload = typeof program === 'string' ? program : program.workload;
    const { items } = JSON.parse(await this.kubectl(['get', 'pods', `--selector=app.kubernetes.io/name=${workload}`, '-o', 'json']));
    return items.filter(({ metadata }: any) => metadata.ownerReferences && (ending || !metadata.deletionTimestamp))
      .sort((a: any, b: any) => a.metadata.name.localeCompare(b.metadata.name));
  }

  /** Returns when controllers have done what was declared, `except` those of some workloads. */
  private async untilReady({ except = [], minutes = 6.5 }: StartOptions): Promise<void> {
    const declared = this.declared().filter(({ metadata }) => !except.includes(metadata.labels['app.kubernetes.io/name']));
    const args = (object: any) => object.kind === 'Job' ? ['wait', '--for=condition=complete'] : ['rollout', 'status'];
    const waits = await Promise.allSettled(declared.map(object =>
      this.kubectl([...args(object), `${object.kind.toLowerCase()}/${object.metadata.name}`, `--timeout=${minutes}m`], { timeoutMs: (minutes + 0.5) * MINUTE })));
    if (waits.every(({ status }) => status === 'fulfilled')) return;
    throw new Error(`not all became ready:\n${await this.kubectl(['get', 'pods,events'])}`);
  }

  /** Controllers that the manifest has. */
  private declared(): any[] {
    return loadAll(this.output.manifest).filter(({ kind }: any) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));
  }

  private async controllerOf(workload: string): Promise<any> {
    const { items } = JSON.parse(await this.kubectl(['get', 'deployments,statefulsets,jobs', `--selector=app.kubernetes.io/name=${workload}`, '-o', 'json']));
    const declared = this.declared().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const controller = items.find(({ kind, metadata }: any) => declared.includes(`${kind} ${metadata.name}`)); // of several Jobs, today's
    if (!controller) throw new Error(`${this.namespace} has no workload ${workload}`);
    return controller;
  }

  private async place(program: Program): Promise<{ pod: any; container: string }> {
    const { workload, container = 'main', replica = 0 } = typeof program === 'string' ? { workload: program } : program;
    const pod = (await this.pods(workload))[replica];
    if (!pod) throw new Error(`${workload} has no replica ${replica}`);
    return { pod, container: container === 'main' ? mainOf(pod) : container };
  }

  private async execArgs(program: Program, words: string[]): Promise<string[]> {
    const { pod, container } = await this.place(program);
    return ['exec', pod.metadata.name, '-c', container, '--', ...words];
  }
}
