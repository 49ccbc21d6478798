import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Seed } from './seed';
import { Application } from '../model/application';
import type { IProgram } from '../model/client';
import { ConfigFile } from '../model/config-file';
import type { Container } from '../model/container';
import { Volume, VolumePlacement } from '../model/volume';
import type { WorkloadBase } from '../model/workload-base';
import { checkCall } from '../private/check-call';
import { byText, isAbsolutePath, isPathBelow, kebabCase, PATH_RULE } from '../private/names';
import { Problems } from '../private/problems';

/** Options of a shared volume. */
export interface SharedVolumeProps {
  /**
   * Content that is there before a reader starts. Readers have a copy each, and nobody else writes.
   * @default - empty
   */
  readonly seed?: Seed;
  /**
   * Text files, by path relative to the volume, that readers see: a directory of configuration. Nobody else writes.
   * @default - none
   */
  readonly files?: Record<string, string>;
  /**
   * Gives each writer a directory named after its workload, where it sees nothing of the others: the way to collect logs.
   * @default false
   */
  readonly directoryPerWriter?: boolean;
  /**
   * Allows several writers, or replicas of one, in the same directory. Their programs must be made for that.
   * @default false
   */
  readonly concurrentWriters?: boolean;
  /**
   * Whether the data outlive the containers.
   * @default - true as soon as more than one workload uses the volume, or a class of storage is named
   */
  readonly persistent?: boolean;
  /**
   * Size of the storage.
   * @default Size.gibibytes(1)
   */
  readonly size?: Size;
  /**
   * Class of storage that one machine at a time can use, where the target has classes.
   * @default - the target's usual class
   */
  readonly storageClass?: string;
  /**
   * Class of storage that many machines can use at the same time, where the target has classes.
   * @default - none: users of the volume are kept on one machine
   */
  readonly sharedStorageClass?: string;
}

/** Options of a grant to write. */
export interface GrantWriteOptions {
  /**
   * Directory of the volume that the writer sees.
   * @default - all of it, or with `directoryPerWriter` one named after the workload
   */
  readonly directory?: string;
}

/** Options of a grant to read. */
export interface GrantReadOptions {
  /**
   * Directory of the volume that the reader sees.
   * @default - all of it
   */
  readonly directory?: string;
}

/**
 * A directory that one program writes and others read: logs, a static site, configuration, data.
 * Readers cannot write. The kind of storage follows from its users. For one workload it ends with that workload. For several it is storage of
 * one machine, on which they are kept together. With a named class it is storage of many machines.
 */
export class SharedVolume extends Construct {
  private readonly props: SharedVolumeProps;
  private readonly writers: { container: Container; directory: string }[] = [];
  private volume?: Volume;
  private isUsed = false;

  public constructor(scope: Construct, id: string, props: SharedVolumeProps = {}) {
    checkCall(new.target, 'SharedVolume', arguments);
    super(Application._openScope(scope, id), id);
    this.props = props;
    const content = props.seed ? 'seed' : 'files';
    const useless = UNUSED_WITH_CONTENT[content].filter(option => props[content] && props[option]);
    const problems = new Problems(this.node.path);
    problems.check(useless.length === 0, `each reader has its own copy of what '${content}' gives; leave out ${useless.map(option => `'${option}'`).join(', ')}`);
    for (const path of Object.keys(props.files ?? {})) {
      problems.check(isPathBelow(path), `'files' must have relative paths that stay inside the volume, got '${path}'`);
    }
    Application._keep(this, problems);
    this.node.addValidation({ validate: () => this.findProblems() });
  }

  /** Mounts the volume where a program may write, unless the content is fixed by `seed` or `files`. */
  public grantWrite(writer: IProgram, path: string, options: GrantWriteOptions = {}): void {
    checkCall(this, 'SharedVolume.grantWrite', arguments);
    const container = writer.toContainer();
    const { seed, files, directoryPerWriter } = this.props;
    const directory = options.directory ?? (directoryPerWriter ? container.workload.name : undefined);
    const problems = this.pathProblems(path);
    const mayWrite = problems.check(!seed && !files, `'${container.workload.name}' cannot write, the content comes from '${seed ? 'seed' : 'files'}'; use a volume of its own`);
    if (mayWrite) this.writers.push({ container, directory: directory ?? '' });
    if (Application._keep(this, problems)) return;
    container.mountVolume(this.requireVolume(), path, { subdirectory: directory });
  }

  /** Mounts the volume where a program may only read. */
  public grantRead(reader: IProgram, path: string, options: GrantReadOptions = {}): void {
    checkCall(this, 'SharedVolume.grantRead', arguments);
    const container = reader.toContainer();
    const problems = this.pathProblems(path);
    problems.check(!this.props.files || options.directory === undefined, `readers see all 'files'; leave out 'directory', got '${options.directory}'`);
    if (Application._keep(this, problems)) return;
    if (this.props.files) {
      for (const [name, content] of Object.entries(this.props.files).sort(([a], [b]) => byText(a, b))) {
        container.mountConfigFile(this.configFile(`${path}/${name}`, content));
      }
    } else if (this.props.seed) {
      const own = this.seeded(container.workload, this.props.seed);
      container.mountVolume(own, path, { readOnly: true, subdirectory: options.directory });
    } else {
      container.mountVolume(this.requireVolume(), path, { readOnly: true, subdirectory: options.directory });
    }
  }

  /** What is wrong with where a program sees the volume; it uses the volume all the same. */
  private pathProblems(path: string): Problems {
    this.isUsed = true;
    const problems = new Problems(this.node.path);
    problems.check(isAbsolutePath(path), `must be mounted at ${PATH_RULE}, got '${path}'`);
    return problems;
  }

  private requireVolume(): Volume {
    const { persistent, size, storageClass, sharedStorageClass } = this.props;
    this.volume ??= new Volume(this, 'Default', { persistent, size, storageClass, sharedStorageClass });
    return this.volume;
  }

  /** The workload's own copy of what the seed makes. */
  private seeded(workload: WorkloadBase, seed: Seed): Volume {
    const present = this.node.tryFindChild(workload.name);
    if (present) return present as Volume;
    const own = new Volume(this, workload.name, { persistent: false, size: this.props.size });
    seed._addTo(workload, own, kebabCase(this.node.id));
    return own;
  }

  /** One config file for each path, whoever reads it there. */
  private configFile(path: string, content: string): ConfigFile {
    const id = kebabCase(path);
    const present = this.node.tryFindChild(id) as ConfigFile | undefined;
    if (present && present.path !== path) Application._refuse(this, `files at '${present.path}' and '${path}' would have the same name; rename one of them`);
    return present ?? new ConfigFile(this, id, { path, content });
  }

  private findProblems(): string[] {
    if (!this.isUsed) return ['nothing uses this volume; grant it or remove it'];
    if (!this.volume) return [];
    if (this.writers.length === 0) return ["is read but never written; add grantWrite, or content with 'seed' or 'files'"];
    if (this.props.concurrentWriters) return [];
    const problems: string[] = [];
    const sorted = [...this.writers].sort((a, b) => byText(a.directory, b.directory) || byText(a.container.path, b.container.path));
    const shared = this.volume.placement !== VolumePlacement.SCRATCH; // of which each replica has its own
    for (const { container } of sorted.filter(writer => shared && writer.container.workload.replicas > 1)) {
      problems.push(`the ${container.workload.replicas} replicas of '${container.workload.name}' would write to the same directory; use 1 replica, or set 'concurrentWriters' if the program is made for it`);
    }
    const owners = new Map<string, Container>();
    for (const { container, directory } of sorted) {
      const before = around(directory).map(each => owners.get(each)).find(owner => owner);
      if (before) {
        problems.push(`'${before.workload.name}' and '${container.workload.name}' would write to the same directory; ${REMEDY}`);
      } else {
        owners.set(directory, container);
      }
    }
    return problems;
  }
}

/** The directory and all those that it is in, from '' for the whole volume on. */
function around(directory: string): string[] {
  return ['', ...directory.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))];
}

/** Options that would say nothing beside the content that stands there from the beginning. */
const UNUSED_WITH_CONTENT: Record<'seed' | 'files', (keyof SharedVolumeProps)[]> = {
  seed: ['files', 'directoryPerWriter', 'concurrentWriters', 'persistent', 'storageClass', 'sharedStorageClass'],
  files: ['directoryPerWriter', 'concurrentWriters', 'persistent', 'size', 'storageClass', 'sharedStorageClass'],
};

const REMEDY = "give each writer a 'directory' of its own, or set 'concurrentWriters' if their programs are made for it";
