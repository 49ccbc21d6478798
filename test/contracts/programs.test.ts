import { ComposeProject, ContractException, ITarget, KubernetesChart, ProgramContract, Targets } from 'cdk8s-conduit';
import { READERS } from '../../src/contracts/targets/readers';
import { COMPOSE_DEVIATIONS } from '../../src/targets/compose/deviations';
import { KUBERNETES_DEVIATIONS } from '../../src/targets/kubernetes/deviations';

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

const kubernetes = (kubernetesVersion: string) => KubernetesChart.target({ namespace: 'prod', kubernetesVersion });

const SUITES: [string, ITarget, ContractException[]][] = [
  ['Kubernetes 1.27', kubernetes('1.27'), OLD_KUBERNETES],
  ['Kubernetes 1.29', kubernetes('1.29'), KUBERNETES],
  ['Kubernetes 1.30', kubernetes('1.30'), KUBERNETES],
  ['Compose', ComposeProject.target(), COMPOSE],
];

describe.each(SUITES)('%s', (_, target, exceptions) => {
  for (const each of ProgramContract.cases(target, READERS[target.name], exceptions)) test(each.statement, () => each.check());
});

test('every target by which programs run is judged', () => {
  const running = Targets.all.filter(({ runs }) => runs).map(({ name }) => name);
  expect([...new Set(SUITES.map(([, { name }]) => name))]).toEqual(running);
  expect(Object.keys(READERS)).toEqual(running);
});
