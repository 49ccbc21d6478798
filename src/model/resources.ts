import type { Size } from 'cdk8s';

/** What a container gets of the machine. The requested amount is kept free for it; it never gets more than the limit, where there is one. */
export interface Resources {
  /**
   * Requested processors; 0.5 is half of one.
   * @default 0.05
   */
  readonly cpuRequest?: number;
  /**
   * Most processors.
   * @default 1
   */
  readonly cpuLimit?: number;
  /**
   * Whether it may have all processors that nobody else needs. Then `cpuLimit` is left out.
   * @default false
   */
  readonly cpuUnlimited?: boolean;
  /**
   * Requested memory.
   * @default Size.mebibytes(64)
   */
  readonly memoryRequest?: Size;
  /**
   * Most memory; a container that takes more is ended.
   * @default Size.mebibytes(256)
   */
  readonly memoryLimit?: Size;
  /**
   * Most disk space for writable paths and logs together.
   * @default Size.mebibytes(512)
   */
  readonly diskLimit?: Size;
}

/** Resources with nothing left open; memory and disk in MiB. */
export interface ResolvedResources {
  /** Requested processors. */
  readonly cpuRequest: number;
  /** Most processors; undefined if there is no limit. */
  readonly cpuLimit?: number;
  /** Requested memory in MiB. */
  readonly memoryRequest: number;
  /** Most memory in MiB. */
  readonly memoryLimit: number;
  /** Most disk space in MiB. */
  readonly diskLimit: number;
}
