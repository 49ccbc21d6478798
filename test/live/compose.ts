import type { Application } from 'cdk8s-conduit';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { attempt, command, commandJson, Outcome } from './command';
import { Ability, Deployment, Engine, LogLine, Outside, Program, Remains, Replica, StartOptions, timeoutOf } from './deployment';
import { eventually } from './eventually';
import { Container, isReady, numberOf, serviceNameOf, stateOf } from './inspected';
import { connectNeighbour, NeighbourOfEngine } from './neighbour';
import { Output } from './output';
import { serveAt } from './outside';
import { containerOf, ownerOf, serviceOf, unitsOf } from '../../src/contracts/targets/compose-networks';

const MINUTE = 60_000;

/** Docker Compose on the engine that `docker` talks to: Compose v2, and an engine with isolated gateways. */
export class Compose implements Engine {
  public readonly name = 'Compose';
  public readonly missing?: string;
  private readonly versions: string = '';

  public constructor() {
    const ask = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe', timeout: 20_000 }).trim();
    try {
      const server = ask('version', '--format', '{{.Server.Version}}');
      this.versions = `Docker Engine ${server}, Compose ${ask('compose', 'version', '--short')}`;
      const [major, minor] = server.split('.').map(Number);
      if (major < 27 || (major === 27 && minor < 1)) this.missing = `Docker Engine ${server} has no isolated gateways, 27.1 is the first that has`;
    } catch (error) {
      const sentence = (error as Error).message.split('\n').slice(0, 2).join(' ');
      this.missing = `no Docker Engine with Compose v2 (${sentence})`;
    }
  }

  public lacks(ability: Ability): string | undefined {
    return ability === 'cut' ? undefined : `Compose has no ${ability}`;
  }

  public async open(): Promise<void> {
    if (this.missing) throw new Error(this.missing);
  }

  public async describe(): Promise<string> {
    return this.versions;
  }

  /** Of the machine of the engine, wherever that is. */
  public async outsideAddress(): Promise<string> {
    const [{ IPAM: { Config: [{ Gateway: address }] } }] = await commandJson('docker', ['network', 'inspect', 'bridge']);
    return address;
  }

  public async outside(): Promise<Outside> {
    return serveAt(await this.outsideAddress(), process.env);
  }

  public neighbour(): Promise<NeighbourOfEngine> {
    return connectNeighbour();
  }

  public example(name: string): ComposeDeployment {
    return new ComposeDeployment(Output.ofExample(name));
  }

  public application(application: Application, brought?: Record<string, string>): ComposeDeployment {
    return new ComposeDeployment(Output.ofApplication(application, 'any', { brought }));
  }
}

/** A generated Compose project, run under a name of its own. */
export class ComposeDeployment implements Deployment {
  private static count = 0;

  public readonly project: string;
  private readonly compose: string[];

  public constructor(public readonly output: Output) {
    this.project = `conduit-${output.name.toLowerCase()}-${process.pid}-${ComposeDeployment.count++}`;
    this.compose = ['compose', '-p', this.project, '-f', output.composeFile];
  }

  public get secrets(): Record<string, string> {
    return Object.fromEntries(this.output.secrets.map(({ name, value }) => [name, value]));
  }

  public async start({ except = [], minutes = 5 }: StartOptions = {}): Promise<void> {
    await this.run(['up', '-d', '--quiet-pull', '--build'], minutes * MINUTE);
    const running = Object.entries<any>(this.output.compose.services).filter(([, { deploy }]) => deploy.replicas !== 0).map(([service]) => service);
    await this.untilReady(running.filter(service => !except.includes(service.split('_')[0])));
  }

  /** What `up` with these options makes of it. */
  public up(...options: string[]): Promise<Outcome> {
    return attempt('docker', this.words('up', '--quiet-pull', ...options), { timeoutMs: 4 * MINUTE });
  }

  /** The words of a command of Compose for this project, after `docker`. */
  public words(...args: string[]): string[] {
    return [...this.compose, ...args];
  }

  public async update(application: Application, options: { readonly except?: readonly string[] } = {}): Promise<void> {
    this.output.write(application, 'any');
    await this.start(options);
  }

  public async replicas(workload: string): Promise<Replica[]> {
    const containers = await this.containers();
    const units = unitsOf(this.output.compose, workload);
    const owners = containers.filter(container => units.includes(serviceNameOf(container))).sort((a, b) => numberOf(a) - numberOf(b))
      .sort((a, b) => units.indexOf(serviceNameOf(a)) - units.indexOf(serviceNameOf(b)));
    return owners.map(owner => {
      const joined = containers.filter(container => container !== owner && ownerOf(this.output.compose, serviceNameOf(container)) === serviceNameOf(owner)
        && this.restartOf(container) !== 'no');
      const members = joined.length > 0 ? joined : [owner];
      return {
        name: owner.Name.slice(`/${this.project}-`.length),
        id: members.map(({ Id }) => Id).join(' '),
        addresses: Object.values(owner.NetworkSettings.Networks).map(({ IPAddress }) => IPAddress).filter(Boolean),
        restarts: Object.fromEntries(members.map(member => [containerOf(serviceNameOf(member)), member.RestartCount])),
        healthy: members.every(isReady),
      };
    });
  }

  public exec(program: Program, ...words: string[]): Promise<string> {
    return this.run(this.execArgs(program, words), timeoutOf(program));
  }

  public tryExec(program: Program, ...words: string[]): Promise<Outcome> {
    return attempt('docker', [...this.compose, ...this.execArgs(program, words)], { timeoutMs: timeoutOf(program) });
  }

  public runOnce(workload: string, ...words: string[]): Promise<string> {
    return this.run(['run', '--rm', '-T', '--no-deps', '--entrypoint', words[0], serviceOf(this.output.compose, workload, 'main', 0), ...words.slice(1)]);
  }

  /**
   * `docker kill` would count as a manual stop, after which no restart policy acts, so the signal comes from beside the
   * engine: a helper that sees the processes of the engine's own machine, wherever that is.
   */
  public async kill(program: Program): Promise<void> {
    const before = await this.inspect(program);
    if (!before.State.Pid) throw new Error(`${before.Name} is ${before.State.Status}, it has no process to kill`);
    await command('docker', ['run', '--rm', '--privileged', '--pid=host', '--network=none', 'busybox:1.37.0-musl', 'kill', '-9', String(before.State.Pid)]);
    await eventually(async () => {
      const { RestartCount, State } = await this.inspect(program);
      return RestartCount > before.RestartCount && State.Status === 'running';
    }, { what: `${before.Name} to come back` });
  }

  public async cut(workload: string, member: number): Promise<void> {
    await this.setLink(workload, member, 'down');
  }

  public async heal(workload: string, member: number): Promise<void> {
    await this.setLink(workload, member, 'up');
  }

  public async scale(workload: string, n: number): Promise<void> {
    await this.run(['scale', '--no-deps', `${workload}=${n}`], 2 * MINUTE);
    await this.untilReady([workload]);
  }

  public async stop(workload: string): Promise<void> {
    await this.run(['stop', ...this.servicesOf(workload)], 2 * MINUTE);
  }

  public async resume(workload: string): Promise<void> {
    await this.run(['start', ...this.servicesOf(workload)], 2 * MINUTE);
    await this.untilReady(this.servicesOf(workload));
  }

  public async replace(program: Program): Promise<void> {
    const services = typeof program === 'string' ? this.servicesOf(program) : [this.place(program).service];
    await this.run(['up', '-d', '--force-recreate', '--no-deps', ...services], 2 * MINUTE);
    await this.untilReady(services);
  }

  public async visit(workload: string): Promise<string> {
    return command('docker', ['run', '--rm', '--network=host', 'busybox:1.37.0-musl', 'wget', '-qO-', '-T', '5', `http://127.0.0.1:${await this.entrance(workload)}`]);
  }

  public async entrance(workload: string): Promise<number> {
    const { services } = this.output.compose;
    const leading = [...unitsOf(this.output.compose, workload), `${workload}__relay_tcp`].find(service => services[service]?.ports);
    const [{ published }] = services[leading!].ports;
    return Number(published);
  }

  public async delete(): Promise<Remains> {
    await this.run(['down', '-t', '10'], 2 * MINUTE);
    const list = async (...args: string[]) => {
      const names = await command('docker', [...args, '--filter', `label=com.docker.compose.project=${this.project}`]);
      return names.split('\n').filter(Boolean);
    };
    const volumes = await list('volume', 'ls', '--format', '{{.Name}}');
    return {
      left: [...await list('ps', '--all', '--format', '{{.Names}}'), ...await list('network', 'ls', '--format', '{{.Name}}')],
      lost: Object.keys(this.output.compose.volumes ?? {}).filter(volume => !volumes.includes(`${this.project}_${volume}`)),
    };
  }

  public async logs(workload: string): Promise<LogLine[]> {
    const text = await this.run(['logs', '--no-color', ...this.servicesOf(workload)]);
    return text.split('\n').filter(Boolean).map(line => {
      const [, replica, rest] = /^(\S+)\s+\| ?(.*)$/.exec(line)!;
      return { replica, text: rest };
    });
  }

  public async visible(): Promise<string> {
    return [JSON.stringify(await this.containers()), readFileSync(this.output.composeFile, 'utf8'), await this.run(['logs', '--no-color'])].join('\n');
  }

  public async remove(): Promise<void> {
    await this.run(['down', '-v', '--rmi', 'local', '--remove-orphans', '-t', '1'], 3 * MINUTE);
    this.output.remove();
  }

  /** The project as Compose understands it; fails when Compose does not. */
  public config(): Promise<string> {
    return this.run(['config']);
  }

  public async inspect(program: Program): Promise<Container> {
    const { service, index } = this.place(program);
    const found = (await this.containers()).find(container => serviceNameOf(container) === service && numberOf(container) === index);
    if (!found) throw new Error(`${this.project} has no container ${index} of ${service}`);
    return found;
  }

  /** All containers of the project, the ended ones too. */
  private async containers(): Promise<Container[]> {
    const filters = [`project=${this.project}`, 'oneoff=False'].flatMap(label => ['--filter', `label=com.docker.compose.${label}`]);
    const ids = await command('docker', ['ps', '--all', '--quiet', '--no-trunc', ...filters]);
    return ids === '' ? [] : commandJson('docker', ['inspect', '--type', 'container', ...ids.split('\n')]);
  }

  /** Returns when services run and are healthy, or are done, where they are to end. */
  private async untilReady(services: string[]): Promise<void> {
    await eventually(async () => {
      const containers = (await this.containers()).filter(container => services.includes(serviceNameOf(container)));
      const missing = services.filter(service => !containers.some(container => serviceNameOf(container) === service));
      const unready = containers.filter(container => !isReady(container) && !this.isDone(container)).map(stateOf);
      if (missing.length + unready.length > 0) throw new Error(`not ready: ${[...missing, ...unready].join(', ')}`);
    }, { what: 'all to be ready', timeoutMs: 4 * MINUTE });
  }

  /** Not by disconnecting it from the network: then the engine restarts it no more, as it finds its address in use. */
  private async setLink(workload: string, member: number, state: 'up' | 'down'): Promise<void> {
    const { Id, NetworkSettings: { Networks } } = await this.inspect({ workload, replica: member });
    const { IPAddress } = Networks[`${this.project}_${workload}__members`];
    const script = `ip link set "$(ip -o address show to ${IPAddress} | awk '{ print $2 }')" ${state}`;
    await command('docker', ['run', '--rm', '--cap-add=NET_ADMIN', `--network=container:${Id}`, 'busybox:1.37.0-musl', 'sh', '-c', script]);
  }

  private restartOf(container: Container): string {
    return this.output.compose.services[serviceNameOf(container)].restart;
  }

  private isDone(container: Container): boolean {
    const restart = this.restartOf(container);
    return (restart === 'no' || restart.startsWith('on-failure')) && container.State.Status === 'exited' && container.State.ExitCode === 0;
  }

  /** Services that run a workload, the owners of their addresses first. */
  private servicesOf(workload: string): string[] {
    const units = unitsOf(this.output.compose, workload);
    const all = Object.keys(this.output.compose.services).filter(service => units.includes(ownerOf(this.output.compose, service)));
    return [...units, ...all.filter(service => !units.includes(service))];
  }

  private place(program: Program): { service: string; index: number } {
    const { workload, container = 'main', replica = 0 } = typeof program === 'string' ? { workload: program } : program;
    const service = serviceOf(this.output.compose, workload, container, replica);
    return { service, index: unitsOf(this.output.compose, workload).length > 1 ? 1 : replica + 1 };
  }

  private execArgs(program: Program, words: string[]): string[] {
    const { service, index } = this.place(program);
    return ['exec', '-T', '--index', String(index), service, ...words];
  }

  private run(args: string[], timeoutMs?: number): Promise<string> {
    return command('docker', [...this.compose, ...args], { timeoutMs });
  }
}
