import { Deviation, FidelityLevel } from '../fidelity';

/** What the target is called. */
export const KUBERNETES = 'Kubernetes';

/** Where Kubernetes differs from what is declared. `docs/fidelity.md` is written from this table. */
export const KUBERNETES_DEVIATIONS = {
  restartOnFailure: {
    level: FidelityLevel.EMULATED,
    feature: 'restart on failure only',
    reason: 'a Deployment or StatefulSet starts a program again even when it ended successfully',
  },
  largeObject: {
    level: FidelityLevel.EMULATED,
    feature: 'an object of more than 262,144 bytes',
    reason: '`kubectl apply` keeps a copy of it in an annotation, for which it is too large, so only `kubectl apply --server-side` takes it',
  },
  builtImage: {
    level: FidelityLevel.EMULATED,
    feature: 'image that is built here',
    reason: 'a cluster builds nothing: the image must be pushed to a registry from which it is taken',
  },
  secretValue: {
    level: FidelityLevel.EMULATED,
    feature: 'value of a secret',
    reason: 'nothing makes it: a Secret of that name, or an entry of the store, must exist',
  },
  startPeriod: {
    level: FidelityLevel.EMULATED,
    feature: 'time in which a starting container may fail its health check',
    reason: 'a container that was never healthy is waited for without end, and is never called unhealthy',
  },
  sidecarOrder: {
    level: FidelityLevel.EMULATED,
    feature: 'sidecar starts first',
    reason: 'before Kubernetes 1.29 a sidecar is a plain container: it is started before the main container, but not waited for, and ends at the same time',
  },
  startAfterMain: {
    level: FidelityLevel.EMULATED,
    feature: 'companion starts after the main container',
    reason: 'the companion is started after the main container, but does not wait until that is healthy',
  },
  rootThenDrop: {
    level: FidelityLevel.EMULATED,
    feature: 'a start as root',
    reason: 'the pod leaves Pod Security *restricted* for *baseline*: it starts as user 0 with five capabilities, so its namespace must not enforce *restricted*',
  },
  stopSignal: {
    level: FidelityLevel.EMULATED,
    feature: 'stop signal',
    reason: 'a preStop hook sends the signal and waits for the program to end, with the `sh` and `sleep` that the image must have',
  },
  sidecarSignal: {
    level: FidelityLevel.EMULATED,
    feature: 'sidecar with a stop signal ends last',
    reason: 'the hook that sends the signal begins when the pod is to end, so the sidecar is asked to end together with the main container',
  },
  servesOn: {
    level: FidelityLevel.EMULATED,
    feature: 'server goes on while it is still sent connections',
    reason: 'before Kubernetes 1.30 the pause at the end of a pod is the `sleep` of the image; without one, the program is asked to end at once',
  },
  ownInit: {
    level: FidelityLevel.EMULATED,
    feature: 'init process of several containers, or beside a stop signal',
    reason: 'the program is the first process of its container, so it must handle the signal to end by itself',
  },
  externalName: {
    level: FidelityLevel.EMULATED,
    feature: 'connection to an external name',
    reason: 'a NetworkPolicy knows addresses, not names: the port is open to every address unless `addresses` narrows it',
  },
  inCluster: {
    level: FidelityLevel.REFUSED,
    feature: 'a connection to another Service of the cluster, as if it were external',
    reason: 'a NetworkPolicy opens ranges of addresses, and on some networks these never mean pods, so the connection would time out',
    remedy: 'connect to a name that leads there from outside the cluster, or set variables with `setEnv` and add a NetworkPolicy with its podSelector',
  },
  forwarded: {
    level: FidelityLevel.EMULATED,
    feature: 'port published to this machine',
    reason: 'it is open while `kubectl port-forward` runs, on the machine where that runs',
  },
  balancedForward: {
    level: FidelityLevel.EMULATED,
    feature: 'load balancer for this machine',
    reason: '`kubectl port-forward` leads to one replica for as long as it runs',
  },
  balancedOperators: {
    level: FidelityLevel.REFUSED,
    feature: 'a load balancer for several workloads of which a provider makes pods',
    reason: 'one Service selects pods by one label, which those of providers do not have',
    remedy: 'give that workload a LoadBalancer of its own',
  },
  nodePort: {
    level: FidelityLevel.EMULATED,
    feature: 'number of a port that is published by the nodes',
    reason: 'the cluster chooses one, as `hostPort` is not from 30000 to 32767',
  },
  membersOfOneHost: {
    level: FidelityLevel.EMULATED,
    feature: 'one name under which clients outside know all members',
    reason: 'each member has a load balancer, or the port of a node, of its own; where their addresses differ, `publicHosts` has a name for each',
  },
  forwardedUdp: {
    level: FidelityLevel.REFUSED,
    feature: 'a UDP port published to this machine',
    reason: '`kubectl port-forward` carries TCP alone',
    remedy: 'publish it with Exposure.sources(…)',
  },
  hostAddress: {
    level: FidelityLevel.REFUSED,
    feature: 'a port published at one address of the host',
    reason: 'a cluster has no such address, and its load balancer would let in others, too',
    remedy: 'say who may come, with Exposure.sources(…)',
  },
  startAfterTask: {
    level: FidelityLevel.REFUSED,
    feature: 'waiting for a task that has no completion check',
    reason: 'nothing holds an API token, so nothing can watch a Job',
    remedy: "give the task a 'completionCheck', the command that succeeds once its work is done",
  },
  dnsSuffix: {
    level: FidelityLevel.REFUSED,
    feature: 'the DNS suffix in a config file',
    reason: 'the full name of a Service contains its namespace, which the chart was not told',
    remedy: "set 'namespace' of the KubernetesChart",
  },
  unnamed: {
    level: FidelityLevel.REFUSED,
    feature: 'connection to a name that nobody makes',
    reason: 'a provider makes what is connected to, and says of no pods that they have this name',
    remedy: 'leave out the connection, or the provider',
  },
  scaling: {
    level: FidelityLevel.REFUSED,
    feature: 'replicas that follow a backlog',
    reason: 'nothing of Kubernetes itself reads a backlog, and no provider of the chart reads this one',
    remedy: "give the chart one that does, in 'providers'",
  },
  serverName: {
    level: FidelityLevel.REFUSED,
    feature: 'a workload with the name `kubernetes`',
    reason: 'the Service of that name in the namespace `default` leads to the API server, and would be changed',
    remedy: "choose another id or set 'name'",
  },
  accountName: {
    level: FidelityLevel.REFUSED,
    feature: 'an application with the name `default`',
    reason: 'each namespace has a ServiceAccount of that name for whatever names none, and it would be changed',
    remedy: 'choose another name',
  },
} satisfies Record<string, Deviation>;
