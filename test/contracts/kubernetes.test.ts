import { viewKubernetes } from './kubernetes-view';
import { runLoweringContract } from './lowering.contract';
import { KUBERNETES_DEVIATIONS as DEVIATIONS } from '../../src/targets/kubernetes/deviations';

const SKIP = [
  { reason: DEVIATIONS.restartOnFailure.reason, tests: ['a program that ended well stays ended, if only failures count'] },
  { reason: DEVIATIONS.startAfterMain.reason, tests: ['a companion starts after the main container is healthy'] },
  { reason: DEVIATIONS.startAfterTask.reason, tests: ['whoever waits for a task starts after its end, if it has no effect to look for'] },
];

runLoweringContract({
  name: 'Kubernetes 1.27',
  synth: viewKubernetes,
  skip: [...SKIP, { reason: DEVIATIONS.sidecarOrder.reason, tests: ['a sidecar is healthy before the main container starts'] }],
});

for (const kubernetesVersion of ['1.29', '1.30']) {
  runLoweringContract({
    name: `Kubernetes ${kubernetesVersion}`,
    synth: application => viewKubernetes(application, { kubernetesVersion }),
    skip: SKIP,
  });
}
