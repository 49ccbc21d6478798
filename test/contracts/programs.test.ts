import { ComposeProject, ContractException, ITarget, KubernetesChart, ProgramContract, SwarmStack, Targets } from 'cdk8s-conduit';
import { READERS } from '../../src/contracts/targets/readers';
import { COMPOSE_DEVIATIONS } from '../../src/targets/compose/deviations';
import { KUBERNETES_DEVIATIONS } from '../../src/targets/kubernetes/deviations';
import { SWARM_DEVIATIONS } from '../../src/targets/swarm/deviations';

const KUBERNETES: ContractException[] = [
  { deviation: KUBERNETES_DEVIATIONS.restartOnFailure, statements: ['a program that ended well stays ended, if only failures count'] },
  { deviation: KUBERNETES_DEVIATIONS.startAfterMain, statements: ['a companion starts after the main container is healthy'] },
  { deviation: KUBERNETES_DEVIATIONS.startAfterTask, statements: ['whoever waits for a task starts after its end, if it has no completion check'] },
];
const OLD_KUBERNETES: ContractException[] = [
  ...KUBERNETES,
  { deviation: KUBERNETES_DEVIATIONS.sidecarOrder, statements: ['a sidecar is healthy before the main container starts'] },
];
const COMPOSE: ContractException[] = [
  {
    deviation: COMPOSE_DEVIATIONS.pairNetwork,
    statements: ['a connection opens no other port', 'a connection does not open the way back', 'members of one workload do not reach each other'],
  },
  { deviation: COMPOSE_DEVIATIONS.networkPorts, statements: ['a network opens no port that nobody declared'] },
  { deviation: COMPOSE_DEVIATIONS.wayOut, statements: ['a connection to an external endpoint opens that address and port alone'] },
  { deviation: COMPOSE_DEVIATIONS.requests, statements: ['processors are reserved and disk space is limited'] },
  { deviation: COMPOSE_DEVIATIONS.storage, statements: ['storage has its size and class'] },
  { deviation: COMPOSE_DEVIATIONS.scratchStays, statements: ['a volume of one workload ends with it'] },
  { deviation: COMPOSE_DEVIATIONS.initOnce, statements: ['a seed is copied for each replica'] },
];

const SWARM: ContractException[] = [
  {
    deviation: SWARM_DEVIATIONS.pairNetwork,
    statements: ['a connection opens no other port', 'a connection does not open the way back', 'members of one workload do not reach each other'],
  },
  { deviation: SWARM_DEVIATIONS.networkPorts, statements: ['a network opens no port that nobody declared'] },
  { deviation: SWARM_DEVIATIONS.wayOut, statements: ['a connection to an external endpoint opens that address and port alone'] },
  {
    deviation: SWARM_DEVIATIONS.entrance,
    statements: ['publishing opens no way out, and none between workloads', 'replicas behind a load balancer are reached at its ports, and at no other'],
  },
  { deviation: SWARM_DEVIATIONS.newPrivileges, statements: ['a container cannot write to its own files, and has no privilege'] },
  { deviation: SWARM_DEVIATIONS.diskLimit, statements: ['processors are reserved and disk space is limited'] },
  {
    deviation: SWARM_DEVIATIONS.waiting,
    statements: [
      'a client starts after the server is healthy', 'a client starts after every member of a stable server is healthy',
      'whoever waits for a task starts after its work is done', 'whoever waits for a task starts after its end, if it has no completion check',
    ],
  },
  {
    deviation: SWARM_DEVIATIONS.severalContainers,
    statements: [
      'a client of a pair starts after both containers are healthy', 'a sidecar is healthy before the main container starts',
      'a companion starts after the main container is healthy', 'the containers of a pair reach each other on localhost', 'each replica of a pair is a pair of its own',
      'a volume of one workload is shared by its containers, and each replica has its own',
    ],
  },
  {
    deviation: SWARM_DEVIATIONS.initContainer,
    statements: [
      'init containers run to completion, one after another, before all others', 'a seed is copied for each replica',
      'a seed is copied before its reader starts, into storage that the reader cannot write to',
    ],
  },
  {
    deviation: SWARM_DEVIATIONS.subdirectory,
    statements: [
      'a container sees the directory that it mounts, and writes only where it may', 'a volume of two workloads is the same storage for both',
      'users of a volume share a group, whatever users they run as', 'storage has its size and class',
    ],
  },
  { deviation: SWARM_DEVIATIONS.secretVariable, statements: ['a secret is the value of a variable, where a program takes nothing else', 'a secret stands in a text'] },
  { deviation: SWARM_DEVIATIONS.namedReplicas, statements: ['each member has a way in of its own where clients choose among them'] },
  { deviation: SWARM_DEVIATIONS.sourcesUnchecked, statements: ['only the stated sources reach a port', 'only the stated sources come through a load balancer'] },
];

const kubernetes = (kubernetesVersion: string) => KubernetesChart.target({ namespace: 'prod', kubernetesVersion });

const SUITES: [string, ITarget, ContractException[]][] = [
  ['Kubernetes 1.27', kubernetes('1.27'), OLD_KUBERNETES],
  ['Kubernetes 1.29', kubernetes('1.29'), KUBERNETES],
  ['Kubernetes 1.30', kubernetes('1.30'), KUBERNETES],
  ['Compose', ComposeProject.target(), COMPOSE],
  ['Swarm', SwarmStack.target(), SWARM],
];

describe.each(SUITES)('%s', (_, target, exceptions) => {
  for (const each of ProgramContract.cases(target, READERS[target.name], exceptions)) test(each.statement, () => each.check());
});

test('every target by which programs run is judged', () => {
  const running = Targets.all.filter(({ runs }) => runs).map(({ name }) => name);
  expect([...new Set(SUITES.map(([, { name }]) => name))]).toEqual(running);
  expect(Object.keys(READERS)).toEqual(running);
});
