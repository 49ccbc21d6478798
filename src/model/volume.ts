import { Size, SizeRoundingBehavior } from 'cdk8s';
import type { Construct } from 'constructs';
import { Application } from './application';
import type { Container } from './container';
import type { ILowering } from './lowering';
import { Primitive, PrimitiveProps } from './primitive';
import { checkCall } from '../private/check-call';
import { byText, isDnsName } from '../private/names';
import { Problems } from '../private/problems';

/** Options of a volume. */
export interface VolumeProps extends PrimitiveProps {
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
  /**
   * Gives each member of the one stable workload that mounts the volume storage of its own, which persists.
   * @default false
   */
  readonly perMember?: boolean;
}

/** How a volume's storage relates to the workloads that use it. */
export enum VolumePlacement {
  /** Lives and ends with each replica of its only user. */
  SCRATCH = 'scratch',
  /** Persists; its users run on one machine. */
  ONE_MACHINE = 'one machine',
  /** Persists; its users run anywhere. */
  MANY_MACHINES = 'many machines',
  /** Persists; each member of a stable workload has its own. */
  PER_MEMBER = 'per member',
}

/** A volume at a path of a container. */
export interface VolumeMount {
  /** The container that sees the volume. */
  readonly container: Container;
  /** The volume. */
  readonly volume: Volume;
  /** Absolute path in the container. */
  readonly path: string;
  /** Whether writes are refused. */
  readonly readOnly: boolean;
  /** Directory of the volume that the container sees; undefined for all of it. */
  readonly subdirectory?: string;
}

/** How a volume is mounted. */
export interface MountOptions {
  /**
   * Whether writes are refused.
   * @default false
   */
  readonly readOnly?: boolean;
  /**
   * Directory of the volume that the container sees; it is made when it is missing.
   * @default - all of the volume
   */
  readonly subdirectory?: string;
}

/** A directory of a volume. */
export interface VolumeDirectory {
  /** Path in the volume; empty for the volume itself. */
  readonly path: string;
  /** The user to whom it belongs. All others who mount the volume may write there as its group. */
  readonly owner: number;
}

/** Storage that containers mount. Usually made by a `SharedVolume`. */
export class Volume extends Primitive {
  /** Id of the Linux group that may write to volumes; every user of a volume is in it. */
  public static readonly GID = 10001;

  /** Whether the data were asked to outlive the containers; undefined leaves it to the users. */
  public readonly persistent?: boolean;
  /** Size of the storage. */
  public readonly size: Size;
  /** Class of storage that one machine at a time can use. */
  public readonly storageClass?: string;
  /** Class of storage that many machines can use. */
  public readonly sharedStorageClass?: string;
  /** Whether each member of a stable workload has its own. */
  public readonly perMember: boolean;

  private readonly _mounts: VolumeMount[] = [];

  public constructor(scope: Construct, id: string, props: VolumeProps = {}) {
    checkCall(new.target, 'Volume', arguments);
    super(scope, id, props, 253);
    this.size = props.size ?? Size.gibibytes(1);
    this.storageClass = props.storageClass;
    this.sharedStorageClass = props.sharedStorageClass;
    this.perMember = props.perMember ?? false;
    const hasClass = this.storageClass !== undefined || this.sharedStorageClass !== undefined;
    this.persistent = props.persistent ?? (hasClass || undefined);
    const problems = new Problems(this.node.path);
    problems.check(!hasClass || this.persistent !== false, "storage of a class persists; leave out the class or 'persistent: false'");
    problems.check(this.storageClass === undefined || this.sharedStorageClass === undefined,
      `give 'storageClass' or 'sharedStorageClass', not both, got '${this.storageClass}' and '${this.sharedStorageClass}'`);
    for (const property of ['storageClass', 'sharedStorageClass'] as const) {
      const name = this[property];
      problems.check(name === undefined || isDnsName(name), `'${property}' must be the name of a class: lower-case letters, digits, '-' and '.', got '${name}'`);
    }
    problems.check(!this.perMember || (this.sharedStorageClass === undefined && this.persistent !== false),
      "storage 'perMember' persists and is not shared; leave out 'sharedStorageClass' and 'persistent: false'");
    const mebibytes = this.size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
    problems.check(mebibytes >= 1 && Number.isInteger(mebibytes), `'size' must be whole MiB, 1 or more, got ${mebibytes} MiB`);
    Application._keep(this, problems);
    this.node.addValidation({ validate: () => this.explain() });
    this.application._register(this);
  }

  /** All places where the volume is mounted, in the order of containers and paths. */
  public get mounts(): VolumeMount[] {
    return [...this._mounts].sort((a, b) => byText(a.container.path, b.container.path) || byText(a.path, b.path));
  }

  /**
   * The volume itself and each directory that is mounted, in the order of their paths. Each belongs to its writer, of several to the one with the lowest
   * number, as some programs refuse what belongs to others. Where nobody writes, it belongs to whom the volume would.
   */
  public get directories(): VolumeDirectory[] {
    const writers = this._mounts.filter(({ readOnly }) => !readOnly);
    const ownerOf = (mounts: VolumeMount[]) => Math.min(...mounts.map(({ container }) => container.uid));
    const usual = ownerOf(writers.length > 0 ? writers : this._mounts);
    return [...new Set(['', ...this._mounts.map(({ subdirectory }) => subdirectory ?? '')])].sort(byText).map(path => {
      const own = writers.filter(({ subdirectory }) => (subdirectory ?? '') === path);
      return { path, owner: own.length > 0 ? ownerOf(own) : usual };
    });
  }

  /** How the storage relates to its users; follows from who they are. */
  public get placement(): VolumePlacement {
    if (this.perMember) return VolumePlacement.PER_MEMBER;
    const users = new Set(this._mounts.map(mount => mount.container.workload));
    if (users.size <= 1 && !this.persistent) return VolumePlacement.SCRATCH;
    return this.sharedStorageClass === undefined ? VolumePlacement.ONE_MACHINE : VolumePlacement.MANY_MACHINES;
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'Volume.lowerTo', arguments);
    lowering.lowerVolume(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`volume ${this.name}`];
  }

  /** @internal */
  public _addMount(mount: VolumeMount): void {
    this._mounts.push(mount);
  }

  /** Says why no kind of storage serves all users, if none does. */
  private explain(): string[] {
    const users = [...new Set(this._mounts.map(mount => mount.container.workload))];
    const names = users.map(user => `'${user.name}'`).sort().join(', ');
    if (users.length === 0) return ['nothing mounts this volume; mount it or remove it'];
    if (this.perMember) {
      const own = users.length === 1 && users[0].hasMembers;
      return own ? [] : [`storage 'perMember' is for one stable workload, but used by ${names}; set 'stable: true' there or leave out 'perMember'`];
    }
    if (users.length > 1 && this.persistent === false) {
      return [`${names} can share only storage that persists; leave out 'persistent: false', or put them into one workload`];
    }
    const many = users.filter(user => user.maxReplicas > 1).map(user => `'${user.name}' (${user.maxReplicas} replicas)`).sort();
    if (this.placement === VolumePlacement.ONE_MACHINE && many.length > 0) {
      return [`${many.join(', ')} would need storage that many machines can use; name its class with 'sharedStorageClass', or use 1 replica`];
    }
    return [];
  }
}
