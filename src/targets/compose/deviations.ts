import { Deviation, FidelityLevel } from '../fidelity';

/** What the target is called. */
export const COMPOSE = 'Compose';

/** Where Compose differs from what is declared. `docs/fidelity.md` is written from this table. */
export const COMPOSE_DEVIATIONS = {
  pairNetwork: {
    level: FidelityLevel.EMULATED,
    feature: 'direction and port of a connection',
    reason: 'two connected workloads share a network of their own, on which every replica of either reaches every port of every other replica',
  },
  networkPorts: {
    level: FidelityLevel.EMULATED,
    feature: 'ports of a network',
    reason: 'on a network that workloads share, every replica reaches every port of every other replica, also those that are not declared',
  },
  entrance: {
    level: FidelityLevel.EMULATED,
    feature: 'network of a published port',
    reason: 'it leads to the host, on whose own ports the workload can connect, and no further',
  },
  clientAddress: {
    level: FidelityLevel.EMULATED,
    feature: 'address of a client on the host itself',
    reason: 'the program sees the address of its network\'s gateway; of clients on other machines it sees their own',
  },
  publishedChange: {
    level: FidelityLevel.EMULATED,
    feature: 'change of a workload that publishes a port',
    reason: 'Compose ends the old container before it starts the new one, so clients are refused for a moment',
  },
  publishedReplicas: {
    level: FidelityLevel.REFUSED,
    feature: 'a published port of several replicas',
    reason: 'a port of the host leads to one container',
    remedy: "publish it through a LoadBalancer, which 'balancer' of 'publish' names, or with Exposure.sources(…), which are let in by a relay",
  },
  relay: {
    level: FidelityLevel.EMULATED,
    feature: 'a port published to ranges of sources',
    reason: 'the engine forwards whatever comes, so a relay of the project lets in who may come. '
      + 'Programs of the host are let in by an address of the host that is in a range',
  },
  relayAddress: {
    level: FidelityLevel.EMULATED,
    feature: 'address of a client that comes through a relay or a load balancer',
    reason: 'the program sees the address of what is in front of it, as it has no `proxyProtocolPort`',
  },
  balancer: {
    level: FidelityLevel.EMULATED,
    feature: 'load balancer',
    reason: 'a relay of the project sends each connection to a replica that is healthy. Of programs on the host itself, those behind it see the relay\'s address. '
      + 'It is one container, so clients are refused while that is made anew',
  },
  sourcesAndOthers: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published to ranges of sources, and to this machine or an address of the host',
    reason: 'all of them would come by one relay, to which the engine shows programs of the host as it shows clients whose address it hides',
    remedy: 'publish it with Exposure.sources(…) alone, and come from this machine by an address of the host in one of the ranges',
  },
  wayOut: {
    level: FidelityLevel.EMULATED,
    feature: 'address and port of a connection to an external endpoint',
    reason: 'a workload with such a connection is on a network that leads out, to every address and port',
  },
  toolHealth: {
    level: FidelityLevel.EMULATED,
    feature: 'HTTP or TCP health check',
    reason: 'a static busybox, mounted read-only, makes the check from inside the container, at its own address; by HTTPS it speaks TLS 1.2 alone',
  },
  srvRecords: {
    level: FidelityLevel.EMULATED,
    feature: 'named ports',
    reason: 'Docker\'s DNS has no SRV records; programs find the port number in their variables',
  },
  replicaSets: {
    level: FidelityLevel.EMULATED,
    feature: 'replicas of several containers',
    reason: 'each replica is a set of services of its own, so `--scale` does not apply',
  },
  engineRestart: {
    level: FidelityLevel.EMULATED,
    feature: 'several containers that share an address, after a restart of the engine',
    reason: 'the engine starts all at once. One that comes before the owner of its address stays down until `docker compose up -d`, which a unit may run at boot',
  },
  initOnce: {
    level: FidelityLevel.EMULATED,
    feature: 'init container of several replicas',
    reason: 'it runs once for all replicas, which share the volume that it writes',
  },
  scratchStays: {
    level: FidelityLevel.EMULATED,
    feature: 'scratch volume',
    reason: 'a named volume, which keeps its content until `docker compose down -v`',
  },
  writableInMemory: {
    level: FidelityLevel.EMULATED,
    feature: 'writable paths',
    reason: 'held in memory (tmpfs), within the container\'s memory limit',
  },
  rootThenDrop: {
    level: FidelityLevel.EMULATED,
    feature: 'a start as root',
    reason: 'until the program changes its user it is root in its container, with five capabilities, which Pod Security *restricted* would not allow',
  },
  requests: {
    level: FidelityLevel.EMULATED,
    feature: 'requested processors and disk limit',
    reason: 'Docker reserves no processors and limits no disk space; limits of processors and memory are enforced',
  },
  storage: {
    level: FidelityLevel.EMULATED,
    feature: 'size and class of storage',
    reason: 'a local volume has neither',
  },
  secretVariable: {
    level: FidelityLevel.EMULATED,
    feature: 'secret as the value of a variable',
    reason: 'it is interpolated from `.env` beside the project, and visible to whoever may inspect the container',
  },
  completionCheck: {
    level: FidelityLevel.EMULATED,
    feature: 'completion check of a task',
    reason: 'it is not run, as whoever waits for the task waits for its end',
  },
  scaling: {
    level: FidelityLevel.EMULATED,
    feature: 'replicas that follow a backlog',
    reason: 'nothing scales there: as many run as `replicas` of the workload says, whatever waits',
  },
  extensionName: {
    level: FidelityLevel.REFUSED,
    feature: 'a name that begins with `x-`',
    reason: 'the networks of a workload begin with its name, and Compose takes what begins so for an extension of the file',
    remedy: "choose another id or set 'name'",
  },
} satisfies Record<string, Deviation>;
