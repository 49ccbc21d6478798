import { Application, ComposeProject, Keda, KubernetesChart, PortPublishing } from 'cdk8s-conduit';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { load } from 'js-yaml';
import { createSecrets } from '../../src/cli/secrets';
import { synthesizeExample } from '../examples/synthesize';

/** A secret as `cdk8s-conduit secrets` made it. */
export interface SecretValue {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

export interface OutputOptions {
  /** 1.34 by default. */
  readonly kubernetesVersion?: string;
  /** Values of existing secrets, by name. */
  readonly brought?: Record<string, string>;
  readonly portPublishing?: PortPublishing;
}

/** Both targets' output of an application in a directory of its own, with secrets as a user makes them. */
export class Output {
  public static ofExample(name: string): Output {
    const output = new Output(name);
    synthesizeExample(name, output.directory);
    output.makeSecrets();
    return output;
  }

  public static ofApplication(application: Application, namespace: string, options: OutputOptions = {}): Output {
    const output = new Output(application.name, options);
    output.write(application, namespace);
    return output;
  }

  /** Where a user would work. */
  private readonly home = mkdtempSync(join(tmpdir(), 'conduit-live-'));
  public readonly directory = join(this.home, 'dist');
  public readonly composeDirectory = join(this.directory, 'compose');
  public readonly composeFile = join(this.composeDirectory, 'compose.yml');

  public kubernetesVersion: string;

  private constructor(public readonly name: string, private readonly options: OutputOptions = {}) {
    this.kubernetesVersion = options.kubernetesVersion ?? '1.34';
  }

  /** Writes a state of the application over the one that was there, and makes the secrets that are new. */
  public write(application: Application, namespace: string): void {
    const app = new App({ outdir: this.directory });
    const { portPublishing } = this.options;
    new KubernetesChart(app, application.name, { application, namespace, kubernetesVersion: this.kubernetesVersion, providers: [new Keda()], portPublishing });
    app.synth();
    new ComposeProject(application, { directory: this.composeDirectory, secretsDirectory: `../../secrets/${application.name}` }).save();
    this.makeSecrets();
  }

  public get compose(): any {
    return load(readFileSync(this.composeFile, 'utf8'));
  }

  public get secretsDirectory(): string {
    return join(this.home, 'secrets', this.compose.name);
  }

  public get manifest(): string {
    return readFileSync(join(this.directory, readdirSync(this.directory).find(file => file.endsWith('.k8s.yaml'))!), 'utf8');
  }

  public get secrets(): SecretValue[] {
    const secrets: any[] = this.compose['x-conduit']?.secrets ?? [];
    return secrets.map(({ name, key, file }) => ({ name, key, value: readFileSync(join(this.composeDirectory, file), 'utf8') }));
  }

  /** The file that a client outside gets. */
  public connectionOf(client: string): Record<string, string> {
    return JSON.parse(readFileSync(join(this.secretsDirectory, `${client}.json`), 'utf8'));
  }

  public remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  private makeSecrets(): void {
    const needed: any[] = this.compose['x-conduit']?.secrets ?? [];
    for (const [name, value] of Object.entries(this.options.brought ?? {})) {
      if (!needed.some(secret => secret.name === name)) continue;
      mkdirSync(this.secretsDirectory, { recursive: true });
      writeFileSync(join(this.secretsDirectory, name), value);
    }
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    createSecrets(this.composeDirectory, this.home);
    log.mockRestore();
  }
}
