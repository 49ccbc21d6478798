import { execFile, execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';

/** What a command left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The part of `docker inspect` that tests look at. */
export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly Env: string[]; readonly [key: string]: unknown };
  readonly HostConfig: { readonly [key: string]: unknown };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string; readonly Gateway: string }> };
}

/** One line of `docker compose ps`. */
export interface ContainerLine {
  readonly Service: string;
  readonly Name: string;
  readonly State: string;
  readonly Health: string;
  readonly ExitCode: number;
}

/** A service, or one of its containers, which count from 1. */
export type Target = string | { readonly service: string; readonly index: number };

export interface UpOptions {
  /** Only these services, and what they depend on. */
  readonly services?: string[];
  /** Build the images that the project builds. */
  readonly build?: boolean;
  /** Return when all services run and are healthy. */
  readonly wait?: boolean;
  readonly extraArgs?: string[];
}

const MINUTE = 60_000;

/** Whether this machine has an engine that can run what is generated: Compose v2, and an engine with isolated gateways. */
export const engine: { readonly available: boolean; readonly reason: string } = findEngine();

function findEngine() {
  const ask = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe', timeout: 20_000 }).trim();
  try {
    const server = ask('version', '--format', '{{.Server.Version}}');
    const compose = ask('compose', 'version', '--short');
    const [major, minor] = server.split('.').map(Number);
    return major > 27 || (major === 27 && minor >= 1)
      ? { available: true, reason: `Docker Engine ${server}, Compose ${compose}` }
      : { available: false, reason: `Docker Engine ${server} has no isolated gateways, 27.1 is the first that has` };
  } catch (error) {
    const sentence = (error as Error).message.split('\n').slice(0, 2).join(' ');
    return { available: false, reason: `no Docker Engine with Compose v2 (${sentence})` };
  }
}

/** A `describe` that needs the engine. Without one it is skipped, except in CI, where nothing may be skipped in silence. */
export function describeLive(name: string, body: () => void): void {
  if (engine.available) {
    describe(name, body);
  } else if (process.env.CI) {
    describe(name, () => it('finds a container engine', () => { throw new Error(engine.reason); }));
  } else {
    process.stderr.write(`Skipped "${name}": ${engine.reason}.\n`); // what a skipped file says on the console is not shown
    describe.skip(name, body);
  }
}

/**
 * Runs `docker` and tells how it ended.
 *
 * @throws when it did not end by itself, or could not be started.
 */
function tryDocker(args: string[], timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile('docker', args, { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error?.killed) {
        reject(new Error(`docker ${args.join(' ')}: not done after ${timeoutMs} ms\n${stderr}`));
      } else if (error && typeof error.code !== 'number') {
        reject(error);
      } else {
        resolve({ code: Number(error?.code ?? 0), stdout: stdout.trim(), stderr: stderr.trim() });
      }
    });
  });
}

async function docker(args: string[], timeoutMs = MINUTE): Promise<Outcome> {
  const outcome = await tryDocker(args, timeoutMs);
  if (outcome.code !== 0) {
    throw new Error(`docker ${args.join(' ')}: exit code ${outcome.code}\n${outcome.stderr}`);
  }
  return outcome;
}

/** A generated Compose project, run under a name of its own, so that nothing else on the engine is touched. */
export class Project {
  public readonly name: string;
  private readonly compose: string[];

  constructor(directory: string, name: string = basename(directory)) {
    this.name = `conduit-${name.toLowerCase().replace(/[^a-z0-9_-]/g, '-')}-${process.pid}`;
    this.compose = ['compose', '-p', this.name, '-f', join(directory, 'compose.yml')];
  }

  /** Brings the project up. Images are there already or get built. */
  public up(options: UpOptions = {}): Promise<string> {
    return this.run([
      'up', '-d', '--quiet-pull',
      ...(options.build ? ['--build'] : []),
      ...(options.wait ? ['--wait', '--wait-timeout', '240'] : []),
      ...(options.extraArgs ?? []),
      ...(options.services ?? []),
    ], 5 * MINUTE);
  }

  /** Runs a command in a container. */
  public async exec(target: Target, ...command: string[]): Promise<string> {
    return this.run(this.execArgs(target, command));
  }

  /** Like `exec`, for a command that may fail. */
  public async tryExec(target: Target, ...command: string[]): Promise<Outcome> {
    return tryDocker([...this.compose, ...this.execArgs(target, command)], MINUTE);
  }

  /**
   * Crashes a container. `docker kill` would count as a manual stop, after which no restart policy acts, so the
   * signal comes from beside the engine: a helper that sees the processes of the engine's own machine, wherever that is.
   */
  public async kill9(service: string, index: number = 1): Promise<void> {
    const { State } = await this.inspect(service, index);
    if (!State.Pid) throw new Error(`${service} ${index} is ${State.Status}, it has no process to kill`);
    await docker(['run', '--rm', '--privileged', '--pid=host', '--network=none', 'busybox:1.37.0-musl', 'kill', '-9', String(State.Pid)]);
  }

  /** Runs a command in a further container of a service, which is removed when the command ends. */
  public runOnce(service: string, ...command: string[]): Promise<string> {
    return this.run(['run', '--rm', '-T', '--no-deps', '--entrypoint', command[0], service, ...command.slice(1)]);
  }

  public pause(service: string): Promise<string> {
    return this.run(['pause', service]);
  }

  public unpause(service: string): Promise<string> {
    return this.run(['unpause', service]);
  }

  /** Has `n` containers run the service; those that stay are not recreated. */
  public scale(service: string, n: number): Promise<string> {
    return this.run(['scale', '--no-deps', `${service}=${n}`], 2 * MINUTE);
  }

  public stop(service: string): Promise<string> {
    return this.run(['stop', service], 2 * MINUTE);
  }

  public start(service: string): Promise<string> {
    return this.run(['start', service], 2 * MINUTE);
  }

  public restart(service: string): Promise<string> {
    return this.run(['restart', service], 2 * MINUTE);
  }

  /** Replaces the containers of one service, and of no other. */
  public recreate(service: string): Promise<string> {
    return this.up({ services: [service], extraArgs: ['--force-recreate', '--no-deps'] });
  }

  /** What the project, or one service, wrote to its standard output and error. */
  public async logs(service?: string): Promise<string> {
    const { stdout, stderr } = await docker([...this.compose, 'logs', '--no-color', ...(service ? [service] : [])]);
    return [stdout, stderr].join('\n').trim();
  }

  /** All containers, the ended ones too. */
  public async ps(): Promise<ContainerLine[]> {
    const lines = await this.run(['ps', '--all', '--no-trunc', '--format', 'json']);
    return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  public async inspect(service: string, index: number = 1): Promise<Container> {
    const labels = [`project=${this.name}`, `service=${service}`, `container-number=${index}`, 'oneoff=False'];
    const { stdout: id } = await docker([
      'ps', '--all', '--quiet', '--no-trunc', ...labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]),
    ]);
    if (!id) throw new Error(`${this.name} has no container ${index} of ${service}`);
    return JSON.parse((await docker(['inspect', '--type', 'container', id])).stdout)[0];
  }

  /** The project as Compose understands it; fails when Compose does not. */
  public config(): Promise<string> {
    return this.run(['config']);
  }

  /** Removes all that the project made: containers, networks, volumes, the images it built under its own name. */
  public down(): Promise<string> {
    return this.run(['down', '-v', '--rmi', 'local', '--remove-orphans', '-t', '1'], 2 * MINUTE);
  }

  /** Removes containers and networks, and keeps what volumes hold. */
  public downKeepingVolumes(): Promise<string> {
    return this.run(['down', '-t', '10'], 2 * MINUTE);
  }

  private async run(args: string[], timeoutMs?: number): Promise<string> {
    return (await docker([...this.compose, ...args], timeoutMs)).stdout;
  }

  private execArgs(target: Target, command: string[]): string[] {
    const { service, index } = typeof target === 'string' ? { service: target, index: 1 } : target;
    return ['exec', '-T', '--index', String(index), service, ...command];
  }
}

export interface EventuallyOptions {
  /** What is awaited, for the error. */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Repeats a check until it neither throws nor gives `false`, and gives its result. */
export async function eventually<T>(check: () => T | Promise<T>, options: EventuallyOptions): Promise<Exclude<T, false>> {
  const { what, timeoutMs = 30_000, intervalMs = 250 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure = 'the check gave false';
    try {
      const result = await check();
      if (result !== false) return result as Exclude<T, false>;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() >= deadline) throw new Error(`${what}: not within ${timeoutMs} ms; last: ${failure}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
