import type { CheckEntry } from '../health';
import type { SecretsManifest } from '../secrets-manifest';

/** What `cdk8s-conduit secrets` reads of a stack. */
export type StackManifest = SecretsManifest & {
  /** Name of the stack, with which the names of secrets begin. */
  readonly stack: string;
  /** Labels that a node must have on which there is a volume. */
  readonly nodeLabels?: string[];
};

/** A stack file, as far as it is written; version 3.13 is the newest that `docker stack deploy` reads. */
export interface Stack {
  'version': '3.13';
  'services': Record<string, StackService>;
  'networks'?: Record<string, StackNetwork>;
  'volumes'?: Record<string, object>;
  'configs'?: Record<string, { file: string }>;
  'secrets'?: Record<string, { external: true; name: string }>;
  'x-conduit'?: StackManifest;
}

/** A network of a stack. */
export interface StackNetwork {
  driver: 'overlay';
  attachable: true;
  internal?: true;
  driver_opts?: Record<string, string>;
}

/** A service of a stack. */
export interface StackService {
  image: string;
  hostname?: string;
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  user: string;
  read_only: boolean;
  cap_drop: string[];
  cap_add?: string[];
  init: boolean;
  logging: { driver: string; options: Record<string, string> };
  configs?: StackFileMount[];
  secrets?: StackFileMount[];
  volumes?: StackMount[];
  healthcheck?: CheckEntry | { disable: true };
  networks: Record<string, { aliases: string[] } | null>;
  ports?: StackPort[];
  labels?: Record<string, string>;
  stop_signal?: string;
  stop_grace_period?: string;
  deploy: StackDeployment;
}

/** A config or secret at a path. */
interface StackFileMount {
  source: string;
  target: string;
  uid?: string;
  gid?: string;
  mode: number;
}

/** A volume, or memory, at a path; sizes in bytes. */
export interface StackMount {
  type: 'volume' | 'tmpfs';
  source?: string;
  target: string;
  read_only?: boolean;
  volume?: { nocopy: boolean };
  tmpfs?: { size: number };
}

/** A published port. */
export interface StackPort {
  target: number;
  published: number;
  protocol: string;
  mode: 'ingress' | 'host';
}

/** How a service is changed. */
interface StackChange {
  parallelism: number;
  order: 'start-first' | 'stop-first';
  failure_action: 'rollback' | 'pause';
  monitor: string;
}

/** How a service is run. */
export interface StackDeployment {
  mode?: 'global' | 'replicated-job';
  replicas?: number;
  endpoint_mode?: 'vip' | 'dnsrr';
  update_config?: StackChange;
  rollback_config?: StackChange;
  restart_policy: { condition: 'any' | 'on-failure' | 'none'; delay?: string; max_attempts?: number };
  placement?: { constraints?: string[]; max_replicas_per_node?: number };
  resources: {
    limits: { cpus?: string; memory: string; pids: number };
    reservations: { cpus: string; memory: string };
  };
}
