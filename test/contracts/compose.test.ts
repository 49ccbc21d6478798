import { viewCompose } from './compose-view';
import { runLoweringContract } from './lowering.contract';
import { COMPOSE_DEVIATIONS as DEVIATIONS } from '../../src/targets/compose/deviations';

runLoweringContract({
  name: 'Compose',
  synth: viewCompose,
  skip: [
    { reason: DEVIATIONS.pairNetwork.reason, tests: ['a connection opens no other port', 'a connection does not open the way back', 'members of one workload do not reach each other'] },
    { reason: DEVIATIONS.networkPorts.reason, tests: ['a network opens no port that nobody declared'] },
    { reason: DEVIATIONS.sources.reason, tests: ['only the stated sources reach a port'] },
    { reason: DEVIATIONS.wayOut.reason, tests: ['a connection to something outside opens that address and port alone'] },
    { reason: DEVIATIONS.requests.reason, tests: ['processors are reserved and disk space is limited'] },
    { reason: DEVIATIONS.storage.reason, tests: ['storage has its size and class'] },
    { reason: DEVIATIONS.scratchStays.reason, tests: ['a volume of one workload ends with it'] },
    { reason: DEVIATIONS.initOnce.reason, tests: ['a seed is copied for each replica'] },
  ],
});
