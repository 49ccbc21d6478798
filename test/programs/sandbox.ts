// Runs programs that are made for an image in a folder instead: what they know by absolute paths is below it, and what they call
// are stand-ins that answer as told, and note how they were called.
import type { Container } from 'cdk8s-conduit';
import { spawn } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, dirname, join } from 'path';
import { judgesPath } from '../judges/judges';

/** How a program ended, and what it wrote. */
export interface Ended {
  /** Undefined for one that did not end by itself. */
  readonly status?: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Sandbox {
  private readonly root = mkdtempSync(join(tmpdir(), 'sandbox-'));

  /** All calls of stand-ins so far, with their words. */
  public get calls(): string[] {
    return (this.read('/calls') ?? '').split('\n').filter(line => line !== '');
  }

  /** Where it stands here what a program knows by an absolute path. */
  public path(path: string): string {
    return join(this.root, path);
  }

  /** Makes a directory, and returns where it is. */
  public directory(path: string): string {
    mkdirSync(this.path(path), { recursive: true });
    return this.path(path);
  }

  public write(path: string, text: string): void {
    this.directory(dirname(path));
    writeFileSync(this.path(path), this.here(text));
  }

  /** Text of a file; undefined if there is none. */
  public read(path: string): string | undefined {
    return existsSync(this.path(path)) ? this.there(readFileSync(this.path(path), 'utf8')) : undefined;
  }

  /** Has what is elsewhere here, too. */
  public link(path: string, target: string): void {
    this.directory(dirname(path));
    rmSync(this.path(path), { force: true });
    symlinkSync(target, this.path(path));
  }

  public delete(path: string): void {
    rmSync(this.path(path));
  }

  public replace(path: string, text: string, by: string): void {
    const before = this.read(path)!;
    if (!before.includes(text)) throw new Error(`${path} has no '${text}'`);
    this.write(path, before.replace(text, () => by));
  }

  /** Everything that a container has as files, each secret with its name as value, and the directories where it may write. */
  public mount({ configFiles, secrets, writablePaths, mounts }: Container): void {
    for (const file of configFiles) this.write(file.path, file.content);
    for (const secret of secrets) this.write(secret.path, `value-of-${secret.name}`);
    for (const path of [...writablePaths, ...mounts.map(mount => mount.path)]) this.directory(path);
  }

  /** A stand-in for a tool: a name, or an absolute path, and shell lines for what it does beside noting its call. */
  public tool(name: string, lines = ''): void {
    const path = name.startsWith('/') ? name : `/bin/${name}`;
    this.directory(dirname(path));
    writeFileSync(this.path(path), `#!/bin/sh\necho "\${0##*/} $*" >> ${this.root}/calls\ncd ${this.root}\n${lines}\n`);
    chmodSync(this.path(path), 0o755);
  }

  /** Runs a command; `PATH` begins with the stand-ins. One that is not over in time is ended. */
  public run(command: string[], { env = {}, seconds = 20 }: { readonly env?: Record<string, string>; readonly seconds?: number } = {}): Promise<Ended> {
    const [file, ...args] = command.map(word => this.here(word));
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, this.here(value)]));
    const options = { env: { PATH: `${this.path('/bin')}${delimiter}${judgesPath}`, ...own }, cwd: this.root, timeout: seconds * 1000, killSignal: 'SIGKILL' } as const;
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }); // a shell that could read takes this for a login
      const written: [string, string] = ['', ''];
      [child.stdout, child.stderr].forEach((stream, index) => stream.setEncoding('utf8').on('data', text => { written[index] += text; }));
      child.on('error', reject).on('close', status => {
        const [stdout, stderr] = written.map(text => this.there(text));
        resolve({ status: status ?? undefined, stdout, stderr });
      });
    });
  }

  public remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private there(text: string): string {
    return text.replaceAll(this.root, '');
  }

  private here(text: string): string {
    return text.replace(/(?<![\w})\].-])\/(bin|conduit|data|etc|opt|proc|run|tmp|var|volumes)(?=[/"'\s;,]|$)/g, place => this.path(place));
  }
}
