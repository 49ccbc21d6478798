/*
 * Types of the Compose Specification, generated from the schema of compose-go 2.16.2. Do not edit;
 * run `node test/judges/generate-compose-types.mjs`.
 * Copyright 2020 The Compose Specification Authors, Apache License 2.0.
 */
/* eslint-disable */

/**
 * Compose application or sub-projects to be included.
 */
export type Include = string | IncludeEntry;
/**
 * Either a single string or a list of strings.
 */
export type StringOrList = string | ListOfStrings;
/**
 * A list of unique string values.
 *
 * Items: A string value in the list.
 */
export type ListOfStrings = string[];
/**
 * Either a dictionary mapping keys to values, or a list of strings.
 */
export type ListOrDict =
  | {
      /**
       * Value for the key, which can be a string, number, boolean, or null.
       */
      [k: string]: string | number | boolean | null;
    }
  | string[];
/**
 * User-defined resources for services, allowing services to reserve specialized hardware resources.
 */
export type GenericResources = GenericResourcesEntry[];
/**
 * Device reservations for containers, allowing services to access specific hardware devices.
 */
export type Devices = DevicesEntry[];
/**
 * Command to run in the container, which can be specified as a string (shell form) or array (exec form).
 */
export type Command = null | string | string[];
/**
 * Configuration for service configs or secrets, defining how they are mounted in the container.
 */
export type ServiceConfigOrSecret = (string | ServiceConfigOrSecretEntry)[];
export type EnvFile = string | (string | EnvFileEntry)[];
export type LabelFile = string | string[];
/**
 * Additional hostnames to be defined in the container's /etc/hosts file.
 */
export type ExtraHosts =
  | {
      [k: string]: string | string[];
    }
  | string[];
export type Gpus = 'all' | GpusEntry[];
/**
 * Specifies that this network already exists and was created outside of Compose.
 */
export type NetworkExternal =
  | boolean
  | string
  | {
      /**
       * @deprecated
       * Specifies the name of the external network. Deprecated: use the 'name' property instead.
       */
      name?: string;
    };
/**
 * Specifies that this volume already exists and was created outside of Compose.
 */
export type VolumeExternal =
  | boolean
  | string
  | {
      /**
       * @deprecated
       * Specifies the name of the external volume. Deprecated: use the 'name' property instead.
       */
      name?: string;
    };
/**
 * Specifies that this secret already exists and was created outside of Compose.
 */
export type SecretExternal =
  | boolean
  | string
  | {
      /**
       * Specifies the name of the external secret.
       */
      name?: string;
    };
/**
 * Specifies that this config already exists and was created outside of Compose.
 */
export type ConfigExternal =
  | boolean
  | string
  | {
      /**
       * @deprecated
       * Specifies the name of the external config. Deprecated: use the 'name' property instead.
       */
      name?: string;
    };

/**
 * The Compose file is a YAML file defining a multi-containers based application.
 */
export interface ComposeSpecification {
  /**
   * @deprecated
   * declared for backward compatibility, ignored. Please remove it.
   */
  version?: string;
  /**
   * define the Compose project name, until user defines one explicitly.
   */
  name?: string;
  /**
   * compose sub-projects to be included.
   */
  include?: Include[];
  /**
   * The services that will be used by your application.
   */
  services?: {
    [k: string]: Service;
  };
  /**
   * Language models that will be used by your application.
   */
  models?: {
    [k: string]: Model;
  };
  /**
   * Networks that are shared among multiple services.
   */
  networks?: {
    [k: string]: Network;
  };
  /**
   * Named volumes that are shared among multiple services.
   */
  volumes?: {
    [k: string]: Volume;
  };
  /**
   * Secrets that are shared among multiple services.
   */
  secrets?: {
    [k: string]: Secret;
  };
  /**
   * Configurations that are shared among multiple services.
   */
  configs?: {
    [k: string]: Config;
  };
  /**
   * Jobs are containers that run to completion.
   */
  jobs?: {
    [k: string]: Job;
  };
}
export interface IncludeEntry {
  path?: StringOrList;
  env_file?: StringOrList;
  /**
   * Path to resolve relative paths set in the Compose file
   */
  project_directory?: string;
}
/**
 * Configuration for a service.
 */
export interface Service extends ContainerSpec, WorkloadSpec {
  deploy?: Deployment;
  develop?: Development;
  profiles?: ListOfStrings;
  /**
   * Restart policy for the service container. Options include: 'no', 'always', 'on-failure', and 'unless-stopped'.
   */
  restart?: string;
  /**
   * Number of containers to deploy for this service.
   */
  scale?: number | string;
  attach?: boolean | string;
  /**
   * Specify a custom container name, rather than a generated default name.
   */
  container_name?: string;
  provider?: ServiceProvider;
  /**
   * Extend another service, in the current file or another file.
   */
  extends?: string | ServiceExtends;
  /**
   * Link to containers in another service. Either specify both the service name and a link alias (SERVICE:ALIAS), or just the service name.
   */
  links?: string[];
  /**
   * Link to services started outside this Compose application. Specify services as <service_name>:<alias>.
   */
  external_links?: string[];
  /**
   * Init containers to run to completion before the service container is started. Each step runs in its own ephemeral container, in declared order; a non-zero exit fails the bring-up of the service and its dependents.
   */
  pre_start?: PreStartHook[];
  /**
   * Commands to run after the container starts. If any command fails, the container stops.
   */
  post_start?: ServiceHook[];
  /**
   * Commands to run before the container stops. If any command fails, the container stop is aborted.
   */
  pre_stop?: ServiceHook[];
}
/**
 * Deployment configuration for the service.
 */
export interface Deployment {
  /**
   * Deployment mode for the service: 'replicated' (default) or 'global'.
   */
  mode?: string;
  /**
   * Endpoint mode for the service: 'vip' (default) or 'dnsrr'.
   */
  endpoint_mode?: string;
  /**
   * Number of replicas of the service container to run.
   */
  replicas?: number | string;
  labels?: ListOrDict;
  rollback_config?: DeploymentRollbackConfig;
  update_config?: DeploymentUpdateConfig;
  resources?: DeploymentResources;
  restart_policy?: DeploymentRestartPolicy;
  placement?: DeploymentPlacement;
}
/**
 * Configuration for rolling back a service update.
 */
export interface DeploymentRollbackConfig {
  /**
   * The number of containers to rollback at a time. If set to 0, all containers rollback simultaneously.
   */
  parallelism?: number | string;
  /**
   * The time to wait between each container group's rollback (e.g., '1s', '1m30s').
   */
  delay?: string;
  /**
   * Action to take if a rollback fails: 'continue', 'pause'.
   */
  failure_action?: string;
  /**
   * Duration to monitor each task for failures after it is created (e.g., '1s', '1m30s').
   */
  monitor?: string;
  /**
   * Failure rate to tolerate during a rollback.
   */
  max_failure_ratio?: number | string;
  /**
   * Order of operations during rollbacks: 'stop-first' (default) or 'start-first'.
   */
  order?: 'start-first' | 'stop-first';
}
/**
 * Configuration for updating a service.
 */
export interface DeploymentUpdateConfig {
  /**
   * The number of containers to update at a time.
   */
  parallelism?: number | string;
  /**
   * The time to wait between updating a group of containers (e.g., '1s', '1m30s').
   */
  delay?: string;
  /**
   * Action to take if an update fails: 'continue', 'pause', 'rollback'.
   */
  failure_action?: string;
  /**
   * Duration to monitor each updated task for failures after it is created (e.g., '1s', '1m30s').
   */
  monitor?: string;
  /**
   * Failure rate to tolerate during an update (0 to 1).
   */
  max_failure_ratio?: number | string;
  /**
   * Order of operations during updates: 'stop-first' (default) or 'start-first'.
   */
  order?: 'start-first' | 'stop-first';
}
/**
 * Resource constraints and reservations for the service.
 */
export interface DeploymentResources {
  limits?: DeploymentResourcesLimits;
  reservations?: DeploymentResourcesReservations;
}
/**
 * Resource limits for the service containers.
 */
export interface DeploymentResourcesLimits {
  /**
   * Limit for how much of the available CPU resources, as number of cores, a container can use.
   */
  cpus?: number | string;
  /**
   * Limit on the amount of memory a container can allocate (e.g., '1g', '1024m').
   */
  memory?: string;
  /**
   * Maximum number of PIDs available to the container.
   */
  pids?: number | string;
}
/**
 * Resource reservations for the service containers.
 */
export interface DeploymentResourcesReservations {
  /**
   * Reservation for how much of the available CPU resources, as number of cores, a container can use.
   */
  cpus?: number | string;
  /**
   * Reservation on the amount of memory a container can allocate (e.g., '1g', '1024m').
   */
  memory?: string;
  generic_resources?: GenericResources;
  devices?: Devices;
}
export interface GenericResourcesEntry {
  discrete_resource_spec?: GenericResourcesEntryDiscreteResourceSpec;
}
/**
 * Specification for discrete (countable) resources.
 */
export interface GenericResourcesEntryDiscreteResourceSpec {
  /**
   * Type of resource (e.g., 'GPU', 'FPGA', 'SSD').
   */
  kind?: string;
  /**
   * Number of resources of this kind to reserve.
   */
  value?: number | string;
}
export interface DevicesEntry {
  capabilities: ListOfStrings;
  /**
   * Number of devices of this type to reserve.
   */
  count?: string | number;
  device_ids?: ListOfStrings;
  /**
   * Device driver to use (e.g., 'nvidia').
   */
  driver?: string;
  options?: ListOrDict;
}
/**
 * Restart policy for the service containers.
 */
export interface DeploymentRestartPolicy {
  /**
   * Condition for restarting the container: 'none', 'on-failure', 'any'.
   */
  condition?: string;
  /**
   * Delay between restart attempts (e.g., '1s', '1m30s').
   */
  delay?: string;
  /**
   * Maximum number of restart attempts before giving up.
   */
  max_attempts?: number | string;
  /**
   * Time window used to evaluate the restart policy (e.g., '1s', '1m30s').
   */
  window?: string;
}
/**
 * Constraints and preferences for the platform to select a physical node to run service containers
 */
export interface DeploymentPlacement {
  /**
   * Placement constraints for the service (e.g., 'node.role==manager').
   */
  constraints?: string[];
  /**
   * Placement preferences for the service.
   */
  preferences?: DeploymentPlacementPreferences[];
  /**
   * Maximum number of replicas of the service.
   */
  max_replicas_per_node?: number | string;
}
export interface DeploymentPlacementPreferences {
  /**
   * Spread tasks evenly across values of the specified node label.
   */
  spread?: string;
}
/**
 * Development configuration for the service, used for development workflows.
 */
export interface Development {
  /**
   * Configure watch mode for the service, which monitors file changes and performs actions in response.
   */
  watch?: DevelopmentWatch[];
}
export interface DevelopmentWatch {
  ignore?: StringOrList;
  include?: StringOrList;
  /**
   * Path to watch for changes.
   */
  path: string;
  /**
   * Action to take when a change is detected: rebuild the container, sync files, restart the container, sync and restart, or sync and execute a command.
   */
  action: 'rebuild' | 'sync' | 'restart' | 'sync+restart' | 'sync+exec';
  /**
   * Target path in the container for sync operations.
   */
  target?: string;
  exec?: ServiceHook;
  /**
   * Ensure that an initial synchronization is done before starting watch mode for sync+x triggers
   */
  initial_sync?: boolean;
}
/**
 * Configuration for service lifecycle hooks, which are commands executed at specific points in a container's lifecycle.
 */
export interface ServiceHook {
  command: Command;
  /**
   * User to run the command as.
   */
  user?: string;
  /**
   * Whether to run the command with extended privileges.
   */
  privileged?: boolean | string;
  /**
   * Working directory for the command.
   */
  working_dir?: string;
  environment?: ListOrDict;
}
/**
 * Specify a service which will not be manage by Compose directly, and delegate its management to an external provider.
 */
export interface ServiceProvider {
  /**
   * External component used by Compose to manage setup and teardown lifecycle of the service.
   */
  type: string;
  /**
   * Provider-specific options.
   */
  options?: {
    [k: string]: string | number | boolean | (string | number | boolean)[];
  };
}
export interface ServiceExtends {
  /**
   * The name of the service to extend.
   */
  service: string;
  /**
   * The file path where the service to extend is defined.
   */
  file?: string;
}
/**
 * Configuration for a pre_start init container, run to completion before the service container starts. Accepts the full container specification; per #656, attributes not set explicitly are inherited from the service: collection attributes are completed by the hook's declarations (which win on conflicts), scalar attributes are replaced.
 */
export interface PreStartHook extends ContainerSpec {
  /**
   * When true, the hook runs once per service replica instead of once per service.
   */
  per_replica?: boolean | string;
}
/**
 * Attributes of a container specification shared by anything that runs a container: services, jobs, and run-to-completion init containers (pre_start hooks).
 */
export interface ContainerSpec {
  annotations?: ListOrDict;
  blkio_config?: ServiceBlkioConfig;
  /**
   * Add Linux capabilities. For example, 'CAP_SYS_ADMIN', 'SYS_ADMIN', or 'NET_ADMIN'.
   */
  cap_add?: string[];
  /**
   * Drop Linux capabilities. For example, 'CAP_SYS_ADMIN', 'SYS_ADMIN', or 'NET_ADMIN'.
   */
  cap_drop?: string[];
  /**
   * Specify the cgroup namespace to join. Use 'host' to use the host's cgroup namespace, or 'private' to use a private cgroup namespace.
   */
  cgroup?: 'host' | 'private';
  /**
   * Specify an optional parent cgroup for the container.
   */
  cgroup_parent?: string;
  command?: Command;
  configs?: ServiceConfigOrSecret;
  /**
   * Number of usable CPUs.
   */
  cpu_count?: string | number;
  /**
   * Percentage of CPU resources to use.
   */
  cpu_percent?: string | number;
  /**
   * CPU shares (relative weight) for the container.
   */
  cpu_shares?: number | string;
  /**
   * Limit the CPU CFS (Completely Fair Scheduler) quota.
   */
  cpu_quota?: number | string;
  /**
   * Limit the CPU CFS (Completely Fair Scheduler) period.
   */
  cpu_period?: number | string;
  /**
   * Limit the CPU real-time period in microseconds or a duration.
   */
  cpu_rt_period?: number | string;
  /**
   * Limit the CPU real-time runtime in microseconds or a duration.
   */
  cpu_rt_runtime?: number | string;
  /**
   * Number of CPUs to use. A floating-point value is supported to request partial CPUs.
   */
  cpus?: number | string;
  /**
   * CPUs in which to allow execution (0-3, 0,1).
   */
  cpuset?: string;
  credential_spec?: ServiceCredentialSpec;
  device_cgroup_rules?: ListOfStrings;
  /**
   * List of device mappings for the container.
   */
  devices?: (string | ServiceDevices)[];
  dns?: StringOrList;
  /**
   * Custom DNS options to be passed to the container's DNS resolver.
   */
  dns_opt?: string[];
  dns_search?: StringOrList;
  /**
   * Custom domain name to use for the service container.
   */
  domainname?: string;
  entrypoint?: Command;
  env_file?: EnvFile;
  label_file?: LabelFile;
  environment?: ListOrDict;
  extra_hosts?: ExtraHosts;
  gpus?: Gpus;
  /**
   * Add additional groups which user inside the container should be member of.
   */
  group_add?: (string | number)[];
  /**
   * Define a custom hostname for the service container.
   */
  hostname?: string;
  /**
   * Specify the image to start the container from. Can be a repository/tag, a digest, or a local image ID.
   */
  image?: string;
  /**
   * Run as an init process inside the container that forwards signals and reaps processes.
   */
  init?: boolean | string;
  /**
   * IPC sharing mode for the service container. Use 'host' to share the host's IPC namespace, 'service:[service_name]' to share with another service, or 'shareable' to allow other services to share this service's IPC namespace.
   */
  ipc?: string;
  /**
   * Container isolation technology to use. Supported values are platform-specific.
   */
  isolation?: string;
  labels?: ListOrDict;
  logging?: ServiceLogging;
  /**
   * Container MAC address to set.
   */
  mac_address?: string;
  /**
   * Memory limit for the container. A string value can use suffix like '2g' for 2 gigabytes.
   */
  mem_limit?: number | string;
  /**
   * Memory reservation for the container.
   */
  mem_reservation?: string | number;
  /**
   * Container memory swappiness as percentage (0 to 100).
   */
  mem_swappiness?: number | string;
  /**
   * Amount of memory the container is allowed to swap to disk. Set to -1 to enable unlimited swap.
   */
  memswap_limit?: number | string;
  /**
   * Network mode. Values can be 'bridge', 'host', 'none', 'service:[service name]', or 'container:[container name]'.
   */
  network_mode?: string;
  /**
   * AI Models to use, referencing entries under the top-level models key.
   */
  models?:
    | ListOfStrings
    | {
        [k: string]: ServiceModels | null;
      };
  /**
   * Networks to join, referencing entries under the top-level networks key. Can be a list of network names or a mapping of network name to network configuration.
   */
  networks?:
    | ListOfStrings
    | {
        [k: string]: ServiceNetworks | null;
      };
  /**
   * Disable OOM Killer for the container.
   */
  oom_kill_disable?: boolean | string;
  /**
   * Tune host's OOM preferences for the container (accepts -1000 to 1000).
   */
  oom_score_adj?: string | number;
  /**
   * PID mode for container.
   */
  pid?: string | null;
  /**
   * Tune a container's PIDs limit. Set to -1 for unlimited PIDs.
   */
  pids_limit?: number | string;
  /**
   * Target platform to run on, e.g., 'linux/amd64', 'linux/arm64', or 'windows/amd64'.
   */
  platform?: string;
  /**
   * Give extended privileges to the service container.
   */
  privileged?: boolean | string;
  /**
   * Policy for pulling images. Options include: 'always', 'never', 'if_not_present', 'missing', 'build', or time-based refresh policies.
   */
  pull_policy?: string;
  /**
   * Time after which to refresh the image. Used with pull_policy=refresh.
   */
  pull_refresh_after?: string;
  /**
   * Mount the container's filesystem as read only.
   */
  read_only?: boolean | string;
  /**
   * Runtime to use for this container, e.g., 'runc'.
   */
  runtime?: string;
  /**
   * Override the default labeling scheme for each container.
   */
  security_opt?: string[];
  /**
   * Size of /dev/shm. A string value can use suffix like '2g' for 2 gigabytes.
   */
  shm_size?: number | string;
  secrets?: ServiceConfigOrSecret;
  sysctls?: ListOrDict;
  /**
   * Time to wait for the container to stop gracefully before sending SIGKILL (e.g., '1s', '1m30s').
   */
  stop_grace_period?: string;
  /**
   * Signal to stop the container (e.g., 'SIGTERM', 'SIGINT').
   */
  stop_signal?: string;
  /**
   * Storage driver options for the container.
   */
  storage_opt?: {};
  tmpfs?: StringOrList;
  ulimits?: Ulimits;
  /**
   * Set the initial umask for the container process. When omitted or null, no mask is set and the runtime's own behavior applies; an explicit 0 masks no permission bits.
   */
  umask?: number | string | null;
  /**
   * Bind mount Docker API socket and required auth.
   */
  use_api_socket?: boolean;
  /**
   * Username or UID to run the container process as.
   */
  user?: string;
  /**
   * UTS namespace to use. 'host' shares the host's UTS namespace.
   */
  uts?: string;
  /**
   * User namespace to use. 'host' shares the host's user namespace.
   */
  userns_mode?: string;
  /**
   * Mount host paths or named volumes accessible to the container. Short syntax (VOLUME:CONTAINER_PATH[:MODE])
   */
  volumes?: (string | ServiceVolumes)[];
  /**
   * Mount volumes from another service or container. Optionally specify read-only access (ro) or read-write (rw).
   */
  volumes_from?: string[];
  /**
   * The working directory in which the entrypoint or command will be run
   */
  working_dir?: string;
}
/**
 * Block IO configuration for the service.
 */
export interface ServiceBlkioConfig {
  /**
   * Limit read rate (bytes per second) from a device.
   */
  device_read_bps?: BlkioLimit[];
  /**
   * Limit read rate (IO per second) from a device.
   */
  device_read_iops?: BlkioLimit[];
  /**
   * Limit write rate (bytes per second) to a device.
   */
  device_write_bps?: BlkioLimit[];
  /**
   * Limit write rate (IO per second) to a device.
   */
  device_write_iops?: BlkioLimit[];
  /**
   * Block IO weight (relative weight) for the service, between 10 and 1000.
   */
  weight?: number | string;
  /**
   * Block IO weight (relative weight) for specific devices.
   */
  weight_device?: BlkioWeight[];
}
/**
 * Block IO limit for a specific device.
 */
export interface BlkioLimit {
  /**
   * Path to the device (e.g., '/dev/sda').
   */
  path?: string;
  /**
   * Rate limit in bytes per second or IO operations per second.
   */
  rate?: number | string;
}
/**
 * Block IO weight for a specific device.
 */
export interface BlkioWeight {
  /**
   * Path to the device (e.g., '/dev/sda').
   */
  path?: string;
  /**
   * Relative weight for the device, between 10 and 1000.
   */
  weight?: number | string;
}
/**
 * Detailed configuration for a config or secret.
 */
export interface ServiceConfigOrSecretEntry {
  /**
   * Name of the config or secret as defined in the top-level configs or secrets section.
   */
  source?: string;
  /**
   * Path in the container where the config or secret will be mounted. Defaults to /<source> for configs and /run/secrets/<source> for secrets.
   */
  target?: string;
  /**
   * UID of the file in the container. Default is 0 (root).
   */
  uid?: string;
  /**
   * GID of the file in the container. Default is 0 (root).
   */
  gid?: string;
  /**
   * File permission mode inside the container, in octal. Default is 0444 for configs and 0400 for secrets.
   */
  mode?: number | string;
}
/**
 * Configure the credential spec for managed service account.
 */
export interface ServiceCredentialSpec {
  /**
   * The name of the credential spec Config to use.
   */
  config?: string;
  /**
   * Path to a credential spec file.
   */
  file?: string;
  /**
   * Path to a credential spec in the Windows registry.
   */
  registry?: string;
}
export interface ServiceDevices {
  /**
   * Path on the host to the device.
   */
  source: string;
  /**
   * Path in the container where the device will be mapped.
   */
  target?: string;
  /**
   * Cgroup permissions for the device (rwm).
   */
  permissions?: string;
}
/**
 * Detailed configuration for an environment file.
 */
export interface EnvFileEntry {
  /**
   * Path to the environment file.
   */
  path: string;
  /**
   * Format attribute lets you to use an alternative file formats for env_file. When not set, env_file is parsed according to Compose rules.
   */
  format?: string;
  /**
   * Whether the file is required. If true and the file doesn't exist, an error will be raised.
   */
  required?: boolean | string;
}
export interface GpusEntry {
  capabilities?: ListOfStrings;
  /**
   * Number of GPUs to use.
   */
  count?: string | number;
  device_ids?: ListOfStrings;
  /**
   * GPU driver to use (e.g., 'nvidia').
   */
  driver?: string;
  options?: ListOrDict;
}
/**
 * Logging configuration for the service.
 */
export interface ServiceLogging {
  /**
   * Logging driver to use, such as 'json-file', 'syslog', 'journald', etc.
   */
  driver?: string;
  /**
   * Options for the logging driver.
   */
  options?: {
    [k: string]: string | number | null;
  };
}
export interface ServiceModels {
  /**
   * Environment variable set to AI model endpoint.
   */
  endpoint_var?: string;
  /**
   * Environment variable set to AI model name.
   */
  model_var?: string;
}
export interface ServiceNetworks {
  aliases?: ListOfStrings;
  /**
   * Interface network name used to connect to network
   */
  interface_name?: string;
  /**
   * Specify a static IPv4 address for this service on this network.
   */
  ipv4_address?: string;
  /**
   * Specify a static IPv6 address for this service on this network.
   */
  ipv6_address?: string;
  link_local_ips?: ListOfStrings;
  /**
   * Specify a MAC address for this service on this network.
   */
  mac_address?: string;
  /**
   * Driver options for this network.
   */
  driver_opts?: {
    [k: string]: string | number;
  };
  /**
   * Specify the priority for the network connection.
   */
  priority?: number;
  /**
   * Specify the gateway priority for the network connection.
   */
  gw_priority?: number;
  /**
   * Register the service name as an alias on this network. Defaults to true.
   */
  use_service_name_alias?: boolean | string;
}
/**
 * Container ulimit options, controlling resource limits for processes inside the container.
 */
export interface Ulimits {
  [k: string]: number | string | UlimitsEntry;
}
/**
 * Separate soft and hard limits.
 */
export interface UlimitsEntry {
  /**
   * Hard limit for the ulimit type. This is the maximum allowed value.
   */
  hard: number | string;
  /**
   * Soft limit for the ulimit type. This is the value that's actually enforced.
   */
  soft: number | string;
}
export interface ServiceVolumes {
  /**
   * The mount type: bind for mounting host directories, volume for named volumes, tmpfs for temporary filesystems, cluster for cluster volumes, npipe for named pipes, or image for mounting from an image.
   */
  type: 'bind' | 'volume' | 'tmpfs' | 'cluster' | 'npipe' | 'image';
  /**
   * The source of the mount, a path on the host for a bind mount, a docker image reference for an image mount, or the name of a volume defined in the top-level volumes key. Not applicable for a tmpfs mount.
   */
  source?: string;
  /**
   * The path in the container where the volume is mounted.
   */
  target?: string;
  /**
   * Flag to set the volume as read-only.
   */
  read_only?: boolean | string;
  /**
   * The consistency requirements for the mount. Available values are platform specific.
   */
  consistency?: string;
  bind?: ServiceVolumesBind;
  volume?: ServiceVolumesVolume;
  tmpfs?: ServiceVolumesTmpfs;
  image?: ServiceVolumesImage;
}
/**
 * Configuration specific to bind mounts.
 */
export interface ServiceVolumesBind {
  /**
   * The propagation mode for the bind mount: 'shared', 'slave', 'private', 'rshared', 'rslave', or 'rprivate'.
   */
  propagation?: string;
  /**
   * Create the host path if it doesn't exist.
   */
  create_host_path?: boolean | string;
  /**
   * Recursively mount the source directory.
   */
  recursive?: 'enabled' | 'disabled' | 'writable' | 'readonly';
  /**
   * SELinux relabeling options: 'z' for shared content, 'Z' for private unshared content.
   */
  selinux?: 'z' | 'Z';
}
/**
 * Configuration specific to volume mounts.
 */
export interface ServiceVolumesVolume {
  labels?: ListOrDict;
  /**
   * Flag to disable copying of data from a container when a volume is created.
   */
  nocopy?: boolean | string;
  /**
   * Path within the volume to mount instead of the volume root.
   */
  subpath?: string;
}
/**
 * Configuration specific to tmpfs mounts.
 */
export interface ServiceVolumesTmpfs {
  /**
   * Size of the tmpfs mount in bytes.
   */
  size?: number | string;
  /**
   * File mode of the tmpfs in octal.
   */
  mode?: number | string;
}
/**
 * Configuration specific to image mounts.
 */
export interface ServiceVolumesImage {
  /**
   * Path within the image to mount instead of the image root.
   */
  subpath?: string;
}
/**
 * Container attributes meaningful for orchestrated workloads (services and jobs) but not for run-to-completion init containers: build, dependency ordering, health reporting, port exposure and interactivity.
 */
export interface WorkloadSpec {
  /**
   * Configuration options for building the service's image.
   */
  build?: string | ServiceBuild;
  /**
   * Express dependency between services. Service dependencies cause services to be started in dependency order. The dependent service will wait for the dependency to be ready before starting.
   */
  depends_on?:
    | ListOfStrings
    | {
        [k: string]: ServiceDependsOn;
      };
  healthcheck?: Healthcheck;
  /**
   * Expose container ports. Short format ([HOST:]CONTAINER[/PROTOCOL]).
   */
  ports?: (number | string | ServicePorts)[];
  /**
   * Expose ports without publishing them to the host machine - they'll only be accessible to linked services.
   */
  expose?: (string | number)[];
  /**
   * Keep STDIN open even if not attached.
   */
  stdin_open?: boolean | string;
  /**
   * Allocate a pseudo-TTY to service container.
   */
  tty?: boolean | string;
}
export interface ServiceBuild {
  /**
   * Path to the build context. Can be a relative path or a URL.
   */
  context?: string;
  /**
   * Name of the Dockerfile to use for building the image.
   */
  dockerfile?: string;
  /**
   * Inline Dockerfile content to use instead of a Dockerfile from the build context.
   */
  dockerfile_inline?: string;
  /**
   * List of extra privileged entitlements to grant to the build process.
   */
  entitlements?: string[];
  args?: ListOrDict;
  ssh?: ListOrDict;
  labels?: ListOrDict;
  /**
   * List of sources the image builder should use for cache resolution
   */
  cache_from?: string[];
  /**
   * Cache destinations for the build cache.
   */
  cache_to?: string[];
  /**
   * Do not use cache when building the image.
   */
  no_cache?: boolean | string;
  no_cache_filter?: StringOrList;
  additional_contexts?: ListOrDict;
  /**
   * Network mode to use for the build. Options include 'default', 'none', 'host', or a network name.
   */
  network?: string;
  /**
   * Add a provenance attestation
   */
  provenance?: string | boolean;
  /**
   * Add a SBOM attestation
   */
  sbom?: string | boolean;
  /**
   * Always attempt to pull a newer version of the image.
   */
  pull?: boolean | string;
  /**
   * Build stage to target in a multi-stage Dockerfile.
   */
  target?: string;
  /**
   * Size of /dev/shm for the build container. A string value can use suffix like '2g' for 2 gigabytes.
   */
  shm_size?: number | string;
  extra_hosts?: ExtraHosts;
  /**
   * Container isolation technology to use for the build process.
   */
  isolation?: string;
  /**
   * Give extended privileges to the build container.
   */
  privileged?: boolean | string;
  secrets?: ServiceConfigOrSecret;
  /**
   * Additional tags to apply to the built image.
   */
  tags?: string[];
  ulimits?: Ulimits;
  /**
   * Platforms to build for, e.g., 'linux/amd64', 'linux/arm64', or 'windows/amd64'.
   */
  platforms?: string[];
}
export interface ServiceDependsOn {
  /**
   * Whether to restart dependent services when this service is restarted.
   */
  restart?: boolean | string;
  /**
   * Whether the dependency is required for the dependent service to start.
   */
  required?: boolean;
  /**
   * Condition to wait for. 'service_started' waits until the service has started, 'service_healthy' waits until the service is healthy (as defined by its healthcheck), 'service_completed_successfully' waits until the service has completed successfully.
   */
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
}
/**
 * Configuration options to determine whether the container is healthy.
 */
export interface Healthcheck {
  /**
   * Disable any container-specified healthcheck. Set to true to disable.
   */
  disable?: boolean | string;
  /**
   * Time between running the check (e.g., '1s', '1m30s'). Default: 30s.
   */
  interval?: string;
  /**
   * Number of consecutive failures needed to consider the container as unhealthy. Default: 3.
   */
  retries?: number | string;
  /**
   * The test to perform to check container health. Can be a string or a list. The first item is either NONE, CMD, or CMD-SHELL. If it's CMD, the rest of the command is exec'd. If it's CMD-SHELL, the rest is run in the shell.
   */
  test?: string | string[];
  /**
   * Maximum time to allow one check to run (e.g., '1s', '1m30s'). Default: 30s.
   */
  timeout?: string;
  /**
   * Start period for the container to initialize before starting health-retries countdown (e.g., '1s', '1m30s'). Default: 0s.
   */
  start_period?: string;
  /**
   * Time between running the check during the start period (e.g., '1s', '1m30s'). Default: interval value.
   */
  start_interval?: string;
}
export interface ServicePorts {
  /**
   * A human-readable name for this port mapping.
   */
  name?: string;
  /**
   * The port binding mode, either 'host' for publishing a host port or 'ingress' for load balancing.
   */
  mode?: string;
  /**
   * The host IP to bind to.
   */
  host_ip?: string;
  /**
   * The port inside the container.
   */
  target?: number | string;
  /**
   * The publicly exposed port.
   */
  published?: string | number;
  /**
   * The port protocol (tcp or udp).
   */
  protocol?: string;
  /**
   * Application protocol to use with the port (e.g., http, https, mysql).
   */
  app_protocol?: string;
}
/**
 * Language Model for the Compose application.
 */
export interface Model {
  /**
   * Custom name for this model.
   */
  name?: string;
  /**
   * Language Model to run.
   */
  model: string;
  context_size?: number;
  /**
   * Raw runtime flags to pass to the inference engine.
   */
  runtime_flags?: string[];
}
/**
 * Network configuration for the Compose application.
 */
export interface Network {
  /**
   * Custom name for this network.
   */
  name?: string;
  /**
   * Specify which driver should be used for this network. Default is 'bridge'.
   */
  driver?: string;
  /**
   * Specify driver-specific options defined as key/value pairs.
   */
  driver_opts?: {
    [k: string]: string | number;
  };
  ipam?: NetworkIpam;
  external?: NetworkExternal;
  /**
   * Create an externally isolated network.
   */
  internal?: boolean | string;
  /**
   * Enable IPv4 networking.
   */
  enable_ipv4?: boolean | string;
  /**
   * Enable IPv6 networking.
   */
  enable_ipv6?: boolean | string;
  /**
   * If true, standalone containers can attach to this network.
   */
  attachable?: boolean | string;
  labels?: ListOrDict;
}
/**
 * Custom IP Address Management configuration for this network.
 */
export interface NetworkIpam {
  /**
   * Custom IPAM driver, instead of the default.
   */
  driver?: string;
  /**
   * List of IPAM configuration blocks.
   */
  config?: NetworkIpamConfig[];
  /**
   * Driver-specific options for the IPAM driver.
   */
  options?: {
    [k: string]: string;
  };
}
export interface NetworkIpamConfig {
  /**
   * Subnet in CIDR format that represents a network segment.
   */
  subnet?: string;
  /**
   * Range of IPs from which to allocate container IPs.
   */
  ip_range?: string;
  /**
   * IPv4 or IPv6 gateway for the subnet.
   */
  gateway?: string;
  /**
   * Auxiliary IPv4 or IPv6 addresses used by Network driver.
   */
  aux_addresses?: {
    [k: string]: string;
  };
}
/**
 * Volume configuration for the Compose application.
 */
export interface Volume {
  /**
   * Custom name for this volume.
   */
  name?: string;
  /**
   * Specify which volume driver should be used for this volume.
   */
  driver?: string;
  /**
   * Specify driver-specific options.
   */
  driver_opts?: {
    [k: string]: string | number;
  };
  external?: VolumeExternal;
  labels?: ListOrDict;
}
/**
 * Secret configuration for the Compose application.
 */
export interface Secret {
  /**
   * Custom name for this secret.
   */
  name?: string;
  /**
   * Name of an environment variable from which to get the secret value.
   */
  environment?: string;
  /**
   * Path to a file containing the secret value.
   */
  file?: string;
  external?: SecretExternal;
  labels?: ListOrDict;
  /**
   * Specify which secret driver should be used for this secret.
   */
  driver?: string;
  /**
   * Specify driver-specific options.
   */
  driver_opts?: {
    [k: string]: string | number;
  };
  /**
   * Driver to use for templating the secret's value.
   */
  template_driver?: string;
}
/**
 * Config configuration for the Compose application.
 */
export interface Config {
  /**
   * Custom name for this config.
   */
  name?: string;
  /**
   * Inline content of the config.
   */
  content?: string;
  /**
   * Name of an environment variable from which to get the config value.
   */
  environment?: string;
  /**
   * Path to a file containing the config value.
   */
  file?: string;
  external?: ConfigExternal;
  labels?: ListOrDict;
  /**
   * Driver to use for templating the config's value.
   */
  template_driver?: string;
}
/**
 * Configuration for a job. Jobs are containers that run to completion.
 */
export interface Job extends ContainerSpec, WorkloadSpec {
  profiles?: ListOfStrings;
  triggers: JobTriggers;
}
/**
 * Trigger conditions for the job. At least one trigger attribute must be declared. Setting manual to false forbids manual execution by an explicit run command.
 */
export interface JobTriggers {
  /**
   * Whether the job can be triggered manually by an explicit run command. Defaults to true; an explicit false forbids manual execution.
   */
  manual?: boolean | string;
  /**
   * List of schedules for the job.
   */
  schedule?: (string | Schedule)[];
}
/**
 * Schedule configuration for a job trigger.
 */
export interface Schedule {
  /**
   * Crontab expression to schedule the job (e.g. '0 * * * *' for every hour).
   */
  cron: string;
  /**
   * Timezone used to evaluate the cron expression (e.g. 'Europe/Paris'). Defaults to the platform's local timezone.
   */
  timezone?: string;
  /**
   * Policy applied when the schedule fires while a previous run is still in progress: prevent the new run ('forbid', the default) or queue it ('queue').
   */
  concurrency?: 'forbid' | 'queue';
  /**
   * Policy applied to fires missed while the platform was unavailable: run a single catch-up ('one', the default) or skip them ('skip').
   */
  missed_fires?: 'one' | 'skip';
}
