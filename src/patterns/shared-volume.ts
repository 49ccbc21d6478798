import type { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Seed } from './seed';
import type { IClient } from '../model/client';
import { ConfigFile } from '../model/config-file';
import type { Container } from '../model/container';
import { Volume } from '../model/volume';
import { byText, isAbsolutePath, isPathBelow, kebabCase } from '../private/names';

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
   * @default - true as soon as more than one workload uses the volume
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
 * Readers cannot write. The kind of storage follows from who uses it: storage that ends with the workload where there is only
 * one, else storage of one machine on which the users are kept together, else storage of many machines, if its class is named.
 */
export class SharedVolume extends Construct {
  private readonly props: SharedVolumeProps;
  private readonly writers: { container: Container; directory: string }[] = [];
  private volume?: Volume;

  /** @throws if options contradict each other. */
  public constructor(scope: Construct, id: string, props: SharedVolumeProps = {}) {
    super(scope, id);
    this.props = props;
    if (props.seed && (props.files || props.persistent)) {
      throw new Error(`${this.node.path}: what a seed makes is made anew for each reader; leave out 'files' and 'persistent'`);
    }
    for (const path of Object.keys(props.files ?? {})) {
      if (!isPathBelow(path)) throw new Error(`${this.node.path}: 'files' must have relative paths that stay inside the volume, got '${path}'`);
    }
    this.node.addValidation({ validate: () => this.findProblems() });
  }

  /**
   * Mounts the volume where a program may write.
   * @throws if the content is fixed by `seed` or `files`.
   */
  public grantWrite(writer: IClient, path: string, options: GrantWriteOptions = {}): void {
    const container = writer.toClient();
    this.requirePath(path);
    if (this.props.seed || this.props.files) {
      throw new Error(`${this.node.path}: '${container.workload.name}' cannot write, the content comes from '${this.props.seed ? 'seed' : 'files'}'; use a volume of its own`);
    }
    const directory = options.directory ?? (this.props.directoryPerWriter ? container.workload.name : undefined);
    this.writers.push({ container, directory: directory ?? '' });
    container.mountVolume(this.requireVolume(), path, { subdirectory: directory });
  }

  /** Mounts the volume where a program may only read. */
  public grantRead(reader: IClient, path: string, options: GrantReadOptions = {}): void {
    const container = reader.toClient();
    this.requirePath(path);
    if (this.props.files) {
      for (const [name, content] of Object.entries(this.props.files).sort(([a], [b]) => byText(a, b))) {
        container.mountConfigFile(this.configFile(`${path}/${name}`, content));
      }
    } else if (this.props.seed) {
      const { workload } = container;
      const own = new Volume(this, workload.name, { persistent: false, size: this.props.size });
      this.props.seed._addTo(workload, own, kebabCase(this.node.id));
      container.mountVolume(own, path, { readOnly: true, subdirectory: options.directory });
    } else {
      container.mountVolume(this.requireVolume(), path, { readOnly: true, subdirectory: options.directory });
    }
  }

  private requirePath(path: string): void {
    if (!isAbsolutePath(path)) throw new Error(`${this.node.path}: must be mounted at an absolute path without a final slash, got '${path}'`);
  }

  private requireVolume(): Volume {
    const { persistent, size, storageClass, sharedStorageClass } = this.props;
    this.volume ??= new Volume(this, 'Default', { persistent, size, storageClass, sharedStorageClass });
    return this.volume;
  }

  private configFile(path: string, content: string): ConfigFile {
    const id = kebabCase(path);
    return this.node.tryFindChild(id) as ConfigFile ?? new ConfigFile(this, id, { path, content });
  }

  private findProblems(): string[] {
    if (!this.volume) return this.props.seed || this.props.files ? [] : ['nothing uses this volume; grant it or remove it'];
    if (this.writers.length === 0) return ["is read but never written; add grantWrite, or content with 'seed' or 'files'"];
    if (this.props.concurrentWriters) return [];
    const problems: string[] = [];
    const sorted = [...this.writers].sort((a, b) => byText(a.directory, b.directory) || byText(a.container.path, b.container.path));
    for (const { container } of sorted.filter(writer => writer.container.workload.replicas > 1)) {
      problems.push(`the ${container.workload.replicas} replicas of '${container.workload.name}' would write to the same directory; ${REMEDY}`);
    }
    sorted.slice(1).forEach((writer, index) => {
      const before = sorted[index];
      if (writer.directory === before.directory || before.directory === '' || writer.directory.startsWith(`${before.directory}/`)) {
        problems.push(`'${before.container.workload.name}' and '${writer.container.workload.name}' would write to the same directory; ${REMEDY}`);
      }
    });
    return problems;
  }
}

const REMEDY = "give each writer a 'directory' of its own, or set 'concurrentWriters' if their programs are made for it";
