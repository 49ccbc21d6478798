import { join, relative } from 'path';
import type { Application } from '../../model/application';
import type { Endpoint } from '../../model/endpoint';
import { checkCall } from '../../private/check-call';
import { isDnsLabel } from '../../private/names';
import { Problems } from '../../private/problems';
import { toYaml } from '../../private/yaml';
import type { ExposedPort } from '../exposed';
import type { FidelityEntry } from '../fidelity';
import { tellOf } from '../notices';
import { writeOwned } from '../owned-files';
import { CONFIGS, placesOf } from '../places';
import type { ITarget, TargetOutput } from '../target';
import { COMPOSE, COMPOSE_DEVIATIONS } from './deviations';
import { ComposeDocument, ComposeLowering } from './lowering';

const COMPOSE_FILE = 'compose.yml';
/** What a project writes at all. */
const OWN_PATHS = new RegExp(`^(${COMPOSE_FILE.replace('.', '\\.')}|${CONFIGS}/[a-z0-9_-]+)$`);

/** Options of a Compose project. */
export interface ComposeProjectProps {
  /**
   * Name of the project, which Compose puts before the names of containers, networks and volumes.
   * @default - the application's name
   */
  readonly projectName?: string;
  /**
   * Directory that the project is written to. Nothing in it is replaced or removed but what an earlier project of that name wrote.
   * @default - `compose` in the directory that cdk8s writes to (`dist`, or what the CLI says); `dist-compose` beside a Helm chart `dist`
   */
  readonly directory?: string;
  /**
   * IPv4 range from which every network gets a small part. Two projects on one machine need parts that do not overlap.
   * @default - a twelve-bit block of 10.0.0.0/8, by the project's name
   */
  readonly networkBlock?: string;
  /**
   * Directory of the files with the secrets' values, and of nothing else, relative to the project's directory.
   * It is outside of what `cdk8s synth` empties, as the values outlive every synthesis.
   * @default - `secrets/<projectName>` in the working directory
   */
  readonly secretsDirectory?: string;
  /**
   * Endpoints that are opened to this machine, as a developer needs them to look into a database or a broker.
   * Each is on the host's loopback address, under its own port number. The application, and its other targets, do not change.
   * @default - none, what the application publishes is open and nothing else
   */
  readonly publish?: Endpoint[];
}

/**
 * The application as a project for Docker Compose 2.30 or newer on Docker Engine 27.1 or newer.
 * @see https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export class ComposeProject {
  /** Compose as one of the targets. */
  public static target(props: ComposeProjectProps = {}): ITarget {
    checkCall(this, 'ComposeProject.target', arguments);
    const deviations = Object.values(COMPOSE_DEVIATIONS);
    return { name: COMPOSE, runs: true, deviations, render: application => render(new ComposeProject(application, props)) };
  }

  /** The projects of this program that were written to the directory that they have by default. */
  private static readonly written = new Map<string, ComposeProject>();

  /** What Compose does exactly, and what by other means, for each construct. */
  public readonly fidelity: FidelityEntry[];
  /** All ways in from outside the application, and where to look. */
  public readonly exposed: ExposedPort[];
  /** Name of the project. */
  public readonly projectName: string;
  /** Absolute path of the directory that the project is written to. */
  public readonly directory: string;

  private readonly application: Application;
  private readonly document: ComposeDocument;
  private readonly beside: Map<string, string>;
  private readonly hasOwnDirectory: boolean;

  /** @throws if the application has problems, or asks for what Compose cannot do. */
  public constructor(application: Application, props: ComposeProjectProps = {}) {
    checkCall(new.target, 'ComposeProject', arguments);
    this.application = application;
    this.projectName = props.projectName ?? application.name;
    const problems = new Problems(application.name);
    problems.check(isDnsLabel(this.projectName),
      `'projectName' must be at most 63 lower-case letters, digits and hyphens, beginning with a letter, got '${this.projectName}'`);
    const { directory, secrets } = placesOf('compose', this.projectName, props, problems);
    const { networkBlock, publish = [] } = props;
    for (const { workload, host, address } of publish) {
      problems.check(workload?.application === application && host === workload.name, `'publish' must be endpoints of workloads of this application, got ${address}`);
    }
    problems.throwIfAny();
    this.directory = directory;
    this.hasOwnDirectory = props.directory !== undefined;
    const lowering = new ComposeLowering(application, {
      projectName: this.projectName, networkBlock, secretsDirectory: relative(directory, secrets), directory, publish,
    });
    application.lower(lowering);
    this.document = lowering.finish();
    this.beside = lowering.files;
    this.fidelity = lowering.fidelity.entries;
    this.exposed = lowering.fidelity.exposed;
  }

  /** Texts of all files, by their paths below the project's directory. */
  public get files(): Record<string, string> {
    return { [COMPOSE_FILE]: this.toYaml(), ...Object.fromEntries(this.beside) };
  }

  /** The Compose file as YAML. */
  public toYaml(): string {
    // every text is quoted, so that no parser of any version takes one for a number, a date or a truth value
    return toYaml(this.document, true);
  }

  /**
   * Writes the project, all of it or nothing, and returns the path of its Compose file. An earlier project of that name is replaced; secrets stay.
   * @throws if something is in the way that no earlier project of that name wrote.
   */
  public save(): string {
    const { written } = ComposeProject;
    if (!this.hasOwnDirectory && (written.get(this.directory) ?? this) !== this) {
      throw new Error(`compose project '${this.projectName}': another project of this program is in '${this.directory}'; give each a 'directory' of its own`);
    }
    // users of every container read config files, so the mode does not depend on who writes them
    const owner = { name: `compose project '${this.projectName}'`, paths: OWN_PATHS, mode: 0o644 };
    writeOwned(this.directory, owner, new Map([...this.beside, [COMPOSE_FILE, this.toYaml()]]));
    if (!this.hasOwnDirectory) written.set(this.directory, this);
    tellOf(this.application, COMPOSE, this.fidelity);
    return join(this.directory, COMPOSE_FILE);
  }
}

function render({ files, fidelity, exposed }: ComposeProject): TargetOutput {
  return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`compose/${path}`, text])), fidelity, exposed };
}
