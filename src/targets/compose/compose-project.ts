import { isAbsolute, resolve } from 'path';
import type { Application } from '../../model/application';
import type { Endpoint } from '../../model/endpoint';
import { isDnsLabel } from '../../private/names';
import { toYaml } from '../../private/yaml';
import { ExposedPort } from '../exposed';
import { FidelityEntry } from '../fidelity';
import { ComposeDocument, ComposeLowering } from './lowering';
import { defaultDirectory, writeProject } from './output';

/** Options of a Compose project. */
export interface ComposeProjectProps {
  /**
   * Name of the project, which Compose puts before the names of containers, networks and volumes.
   * @default - the application's name
   */
  readonly projectName?: string;
  /**
   * Directory that the project is written to.
   * @default - `compose` in the directory that cdk8s writes to (`dist`, or what the CLI says)
   */
  readonly directory?: string;
  /**
   * IPv4 range from which every network gets a small part. Two projects on one machine need parts that do not overlap.
   * @default - a twelve-bit block of 10.0.0.0/8, by the project's name
   */
  readonly networkBlock?: string;
  /**
   * Directory of the files with the secrets' values, relative to the project's directory. `cdk8s synth` empties its
   * output directory: under it, name one outside, such as `../../secrets`.
   * @default 'secrets'
   */
  readonly secretsDirectory?: string;
  /**
   * Endpoints that are opened to this machine, as a developer needs them to look into a database or a broker: each on the host's loopback
   * address, under its own port number. The application, and its other targets, do not change.
   * @default - none, what the application publishes is open and nothing else
   */
  readonly publish?: Endpoint[];
}

/**
 * The application as a project for Docker Compose 2.30 or newer on Docker Engine 27.1 or newer.
 * @see https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export class ComposeProject {
  /** What Compose does exactly, and what by other means, for each construct. */
  public readonly fidelity: FidelityEntry[];
  /** All ways in from outside the application, and where to look. */
  public readonly exposed: ExposedPort[];
  /** Name of the project. */
  public readonly projectName: string;
  /** Absolute path of the directory that the project is written to. */
  public readonly directory: string;

  private readonly document: ComposeDocument;
  private readonly files: Map<string, string>;

  /** @throws if the application has problems, or asks for what Compose cannot do. */
  public constructor(application: Application, props: ComposeProjectProps = {}) {
    this.projectName = props.projectName ?? application.name;
    if (!isDnsLabel(this.projectName)) {
      throw new Error(`${application.name}: 'projectName' must be at most 63 lower-case letters, digits and hyphens, beginning with a letter, got '${this.projectName}'`);
    }
    const secretsDirectory = props.secretsDirectory ?? 'secrets';
    if (secretsDirectory === '' || isAbsolute(secretsDirectory)) {
      throw new Error(`${application.name}: 'secretsDirectory' must be relative to the project's directory, got '${secretsDirectory}'`);
    }
    this.directory = resolve(props.directory ?? defaultDirectory());
    const { networkBlock, publish = [] } = props;
    for (const { workload, host, address } of publish) {
      if (workload?.application === application && host === workload.name) continue;
      throw new Error(`${application.name}: 'publish' must be endpoints of workloads of this application, got ${address}`);
    }
    const lowering = new ComposeLowering(application, { projectName: this.projectName, networkBlock, secretsDirectory, directory: this.directory, publish });
    application.lower(lowering);
    this.document = lowering.finish();
    this.files = lowering.files;
    this.fidelity = lowering.fidelity.entries;
    this.exposed = lowering.fidelity.exposed;
  }

  /** The Compose file as YAML. */
  public toYaml(): string {
    // every text is quoted, so that no parser of any version takes one for a number, a date or a truth value
    return toYaml(this.document, true);
  }

  /** Writes the project and returns the path of its Compose file. An earlier project is replaced; secrets stay. */
  public save(): string {
    return writeProject(this.directory, this.toYaml(), this.files);
  }
}
