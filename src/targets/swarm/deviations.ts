import { Deviation, FidelityLevel } from '../fidelity';

/** What the target is called. */
export const SWARM = 'Swarm';

/** Where Swarm differs from what is declared. `docs/fidelity.md` is written from this table. */
export const SWARM_DEVIATIONS = {
  pairNetwork: {
    level: FidelityLevel.EMULATED,
    feature: 'direction and port of a connection',
    reason: 'two connected workloads share an overlay network of their own, on which every replica of either reaches every port of every other replica',
  },
  networkPorts: {
    level: FidelityLevel.EMULATED,
    feature: 'ports of a network',
    reason: 'on an overlay network that workloads share, every replica reaches every port of every other replica, also those that are not declared',
  },
  wayOut: {
    level: FidelityLevel.EMULATED,
    feature: 'address and port of a connection to an external endpoint',
    reason: 'a workload with such a connection is on a network that leads out, to every address and port',
  },
  entrance: {
    level: FidelityLevel.EMULATED,
    feature: 'network of a published port',
    reason: 'Swarm opens ports only of what has a way out, so the workload reaches every address and port outside',
  },
  clientAddress: {
    level: FidelityLevel.EMULATED,
    feature: 'address of a client of a published port',
    reason: 'clients come through Swarm\'s ingress network, of which the program sees an address',
  },
  families: {
    level: FidelityLevel.EMULATED,
    feature: 'a port that is published by IPv4 alone',
    reason: 'a node of a swarm takes connections to a published port by IPv6, too, where it has such an address',
  },
  thisMachine: {
    level: FidelityLevel.EMULATED,
    feature: 'a port published to this machine',
    reason: 'Swarm has ports of all addresses only, so none is opened. The command of the way in, in `exposed`, leads a port of this machine there while it runs',
  },
  balancer: {
    level: FidelityLevel.EMULATED,
    feature: 'load balancer',
    reason: 'it is Swarm\'s ingress network, which takes connections on every node and sends each to a replica that is healthy',
  },
  waiting: {
    level: FidelityLevel.EMULATED,
    feature: 'start after others are healthy or done',
    reason: 'Swarm starts everything at once. A program that cannot do its work yet must end, and is started again after five seconds. '
      + 'A change of it that fails so is rolled back; a task has 60 more tries',
  },
  taskAgain: {
    level: FidelityLevel.EMULATED,
    feature: 'task',
    reason: 'it is a job, which runs again with each `docker stack deploy`',
  },
  completionCheck: {
    level: FidelityLevel.EMULATED,
    feature: 'completion check of a task',
    reason: 'it is not run, as nothing waits',
  },
  newPrivileges: {
    level: FidelityLevel.EMULATED,
    feature: 'no new privileges',
    reason: '`docker stack deploy` leaves out `security_opt` in silence. A set-uid program of the image can become root, without any capability, '
      + 'unless the engine itself has `no-new-privileges`',
  },
  unhealthy: {
    level: FidelityLevel.EMULATED,
    feature: 'container that is not healthy any more',
    reason: 'Swarm ends it, and starts another one in its place',
  },
  toolHealth: {
    level: FidelityLevel.EMULATED,
    feature: 'HTTP or TCP health check',
    reason: 'a static busybox, which a service brings to each node, makes the check from inside the container; by HTTPS it speaks TLS 1.2 alone',
  },
  memberHealth: {
    level: FidelityLevel.EMULATED,
    feature: 'health check of members that need each other to become healthy',
    reason: 'Swarm tells nobody the address of a container that is not healthy yet, so the check is left out. Clients find members before they are ready',
  },
  memberChange: {
    level: FidelityLevel.EMULATED,
    feature: 'change of members, one after another',
    reason: 'each member is a service of its own, and all services change at the same time',
  },
  srvRecords: {
    level: FidelityLevel.EMULATED,
    feature: 'named ports',
    reason: 'Docker\'s DNS has no SRV records; programs find the port number in their variables',
  },
  writableInMemory: {
    level: FidelityLevel.EMULATED,
    feature: 'writable paths',
    reason: 'held in memory (tmpfs), within the container\'s memory limit. Every user of the container may write there, and no program can be run from there',
  },
  scratchInMemory: {
    level: FidelityLevel.EMULATED,
    feature: 'scratch volume',
    reason: 'held in memory (tmpfs), within the container\'s memory limit; no program can be run from there',
  },
  storage: {
    level: FidelityLevel.EMULATED,
    feature: 'size and class of storage',
    reason: 'a local volume has neither; a job gives it to its owner, while those who mount it already start',
  },
  storageNode: {
    level: FidelityLevel.EMULATED,
    feature: 'machine of a volume',
    reason: 'whoever mounts it runs on the node with the label `conduit.<stack>.<volume>`, which `docker node update` sets, or on the `storageNode` of the stack',
  },
  volumeGroup: {
    level: FidelityLevel.EMULATED,
    feature: 'group of a program that mounts a volume',
    reason: 'Swarm has no further groups, so the group of all users of volumes takes the place of the program\'s own',
  },
  processors: {
    level: FidelityLevel.EMULATED,
    feature: 'limit of more than one processor',
    reason: 'a node that has fewer processors refuses the container; the others take it',
  },
  diskLimit: {
    level: FidelityLevel.EMULATED,
    feature: 'disk limit',
    reason: 'Docker limits no disk space; processors and memory are reserved and limited',
  },
  rootThenDrop: {
    level: FidelityLevel.EMULATED,
    feature: 'a start as root',
    reason: 'until the program changes its user it is root in its container, with five capabilities, which Pod Security *restricted* would not allow',
  },
  builtImage: {
    level: FidelityLevel.EMULATED,
    feature: 'image that is built here',
    reason: 'a swarm builds nothing: the image must be pushed to a registry from which each node takes it',
  },
  secretName: {
    level: FidelityLevel.EMULATED,
    feature: 'name of a secret',
    reason: '`cdk8s-conduit secrets` makes it from the value and tells `docker stack deploy` by a variable, since a secret of Swarm cannot change',
  },
  emptyConfig: {
    level: FidelityLevel.EMULATED,
    feature: 'empty config file',
    reason: 'Swarm takes none, so the file holds a line break',
  },
  scaling: {
    level: FidelityLevel.EMULATED,
    feature: 'replicas that follow a backlog',
    reason: 'nothing scales there: as many run as `replicas` of the workload says, whatever waits',
  },
  severalContainers: {
    level: FidelityLevel.REFUSED,
    feature: 'several containers that share an address',
    reason: 'every task of a swarm has an address of its own',
    remedy: 'make each program a Workload, or a DiscoverableService, and connect them with connectTo',
  },
  initContainer: {
    level: FidelityLevel.REFUSED,
    feature: 'init container',
    reason: 'Swarm has none, and keeps no order of starts',
    remedy: 'have the program itself prepare what it needs, or put that into its image',
  },
  subdirectory: {
    level: FidelityLevel.REFUSED,
    feature: 'directory of a volume',
    reason: 'Swarm mounts whole volumes',
    remedy: 'give each program a volume of its own, or mount all of it',
  },
  secretVariable: {
    level: FidelityLevel.REFUSED,
    feature: 'secret as the value of a variable',
    reason: 'a secret of Swarm is a file, and a value in a variable would stand in the service for everyone who may inspect it',
    remedy: 'have the program read the file, with EnvValue.secretFile(…)',
  },
  configSize: {
    level: FidelityLevel.REFUSED,
    feature: 'a config file of 1,024,000 bytes or more',
    reason: 'a config of Swarm is smaller',
    remedy: 'put a part of it into a config file of its own, or all of it into the image',
  },
  hostAddress: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published at one address of the host',
    reason: 'Swarm leaves out the address in silence, and would open the port to everyone',
    remedy: 'publish it with Exposure.thisMachine(), or to everyone behind a firewall of the nodes',
  },
  sourcesByIngress: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published to ranges of sources, through the ingress network',
    reason: 'all clients come with addresses of that network',
    remedy: "let the program check its sources, as a ReverseProxy does, and give the stack 'publishing: SwarmPublishing.HOST'",
  },
  sourcesUnchecked: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published to ranges of sources that the program does not check itself',
    reason: 'Swarm lets in whoever comes',
    remedy: 'put a ReverseProxy in front, which checks sources, or a firewall in front of the nodes',
  },
  sourcesByIPv6: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published to ranges of IPv6',
    reason: 'a node shows clients that come by IPv6 with an address of its own',
    remedy: 'publish it to ranges of IPv4 alone',
  },
  namedReplicas: {
    level: FidelityLevel.REFUSED,
    feature: 'a published port of several members, or of replicas that clients choose from, through the ingress network',
    reason: 'Swarm leads there only by a virtual address, which they do not have',
    remedy: "publish what stands in front of them, or give the stack 'publishing: SwarmPublishing.HOST'",
  },
  balancedPort: {
    level: FidelityLevel.REFUSED,
    feature: 'a load balancer in front of several workloads at one port, or with ports of nodes',
    reason: 'a port of the ingress network leads to one service, and a port of a node to one replica',
    remedy: "make them replicas of one workload, or give each another 'hostPort'; and leave out 'publishing: SwarmPublishing.HOST'",
  },
  manyReplicas: {
    level: FidelityLevel.REFUSED,
    feature: 'a network of more than 120 replicas',
    reason: 'Swarm gives a network 254 addresses, and while a workload changes each replica may take two',
    remedy: 'use fewer replicas',
  },
} satisfies Record<string, Deviation>;
