import { join, relative } from 'path';
import { SWARM, SWARM_DEVIATIONS } from './deviations';
import { SwarmLowering } from './lowering';
import { STACK_LIMIT } from './names';
import { SwarmPublishing } from './options';
import type { Stack } from './stack-file';
import type { Application } from '../../model/application';
import { checkCall } from '../../private/check-call';
import { isDnsLabel } from '../../private/names';
import { Problems } from '../../private/problems';
import { toYaml } from '../../private/yaml';
import type { ExposedPort } from '../exposed';
import type { FidelityEntry } from '../fidelity';
import { tellOf } from '../notices';
import { writeOwned } from '../owned-files';
import { placesOf } from '../places';
import type { ITarget, TargetOutput } from '../target';

const STACK_FILE = 'stack.yml';
/** What a stack writes at all. */
const OWN_PATHS = /^(stack\.yml|configs\/[a-z0-9_-]+)$/;

/** Options of a stack. */
export interface SwarmStackProps {
  /**
   * Name of the stack, with which the names of its services, networks, volumes and secrets begin.
   * @default - the application's name
   */
  readonly stackName?: string;
  /**
   * Directory that the stack is written to. Nothing in it is replaced or removed but what an earlier stack of that name wrote.
   * @default - `swarm` in the directory that cdk8s writes to (`dist`, or what the CLI says); `dist-swarm` beside a Helm chart `dist`
   */
  readonly directory?: string;
  /**
   * Directory of the files with the secrets' values, and of nothing else, relative to the stack's directory.
   * A Compose project of that name has the same one by default, and then the same values.
   * @default - `secrets/<stackName>` in the working directory
   */
  readonly secretsDirectory?: string;
  /**
   * Whether what goes from one node to another is encrypted. Nodes need ESP (IP protocol 50) between them.
   * @default false
   */
  readonly encrypted?: boolean;
  /**
   * How published ports are opened.
   * @default SwarmPublishing.INGRESS
   */
  readonly publishing?: SwarmPublishing;
  /**
   * Whether the name of a workload leads to one virtual address, from which the kernel (IPVS) sends each connection to a healthy replica.
   * Otherwise it leads to the addresses of all of them, and nothing can be published through the ingress network.
   * @default true
   */
  readonly virtualAddresses?: boolean;
  /**
   * Host name of the node that has all volumes.
   * @default - each volume is on a node with its label, `conduit.<stackName>.<volume>=true`
   */
  readonly storageNode?: string;
  /**
   * Most replicas of a workload on one node.
   * @default - no limit, Swarm spreads them by itself
   */
  readonly maxReplicasPerNode?: number;
}

/**
 * The application as a stack of Docker Swarm, for `docker stack deploy` of Docker Engine 27.1 or newer.
 * @see https://docs.docker.com/reference/compose-file/legacy-versions/
 */
export class SwarmStack {
  /** Swarm as one of the targets. */
  public static target(props: SwarmStackProps = {}): ITarget {
    checkCall(this, 'SwarmStack.target', arguments);
    const deviations = Object.values(SWARM_DEVIATIONS);
    return { name: SWARM, runs: true, complete: false, deviations, render: application => render(new SwarmStack(application, props)) };
  }

  /** What Swarm does exactly, and what by other means, for each construct. */
  public readonly fidelity: FidelityEntry[];
  /** All ways in from outside the application, and where to look. */
  public readonly exposed: ExposedPort[];
  /** Name of the stack. */
  public readonly stackName: string;
  /** Absolute path of the directory that the stack is written to. */
  public readonly directory: string;

  private readonly application: Application;
  private readonly document: Stack;
  private readonly beside: Map<string, string>;

  /** @throws if the application has problems, or asks for what Swarm cannot do. */
  public constructor(application: Application, props: SwarmStackProps = {}) {
    checkCall(new.target, 'SwarmStack', arguments);
    this.application = application;
    this.stackName = props.stackName ?? application.name;
    const { storageNode, maxReplicasPerNode, encrypted = false, virtualAddresses = true, publishing = SwarmPublishing.INGRESS } = props;
    const problems = new Problems(application.name);
    problems.check(isDnsLabel(this.stackName, STACK_LIMIT),
      `'stackName' must be at most ${STACK_LIMIT} lower-case letters, digits and hyphens, beginning with a letter, got '${this.stackName}'`);
    problems.check(maxReplicasPerNode === undefined || (Number.isInteger(maxReplicasPerNode) && maxReplicasPerNode >= 1),
      `'maxReplicasPerNode' must be a whole number of 1 or more, got ${maxReplicasPerNode}`);
    problems.check(storageNode === undefined || /^[\w.-]+$/.test(storageNode), `'storageNode' must be the host name of a node, got '${storageNode}'`);
    const { directory, secrets } = placesOf('swarm', this.stackName, props, problems);
    problems.throwIfAny();
    this.directory = directory;
    const lowering = new SwarmLowering(application, {
      stackName: this.stackName, secretsDirectory: relative(directory, secrets), encrypted, publishing, virtualAddresses, storageNode, maxReplicasPerNode,
    });
    application.lower(lowering);
    this.document = lowering.finish();
    this.beside = lowering.files;
    this.fidelity = lowering.fidelity.entries;
    this.exposed = lowering.fidelity.exposed;
  }

  /** Texts of all files, by their paths below the stack's directory. */
  public get files(): Record<string, string> {
    return { [STACK_FILE]: this.toYaml(), ...Object.fromEntries(this.beside) };
  }

  /** The stack file as YAML. */
  public toYaml(): string {
    // every text is quoted, so that no parser of any version takes one for a number, a date or a truth value
    return toYaml(this.document, true);
  }

  /**
   * Writes the stack, all of it or nothing, and returns the path of its stack file. An earlier stack of that name is replaced; secrets stay.
   * @throws if something is in the way that no earlier stack of that name wrote.
   */
  public save(): string {
    writeOwned(this.directory, { name: `swarm stack '${this.stackName}'`, paths: OWN_PATHS, mode: 0o644 }, new Map([...this.beside, [STACK_FILE, this.toYaml()]]));
    tellOf(this.application, SWARM, this.fidelity);
    return join(this.directory, STACK_FILE);
  }
}

function render({ files, fidelity, exposed }: SwarmStack): TargetOutput {
  return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`swarm/${path}`, text])), fidelity, exposed };
}
