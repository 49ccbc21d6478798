import { ComposeReader } from './compose-reader';
import { KubernetesReader } from './kubernetes-reader';
import { SwarmReader } from './swarm-reader';
import { COMPOSE } from '../../targets/compose/deviations';
import { KUBERNETES } from '../../targets/kubernetes/deviations';
import { SWARM } from '../../targets/swarm/deviations';
import type { IProgramReader } from '../program-facts';

/** What reads the output of those targets of the library by which programs run, by the target's name. */
export const READERS: Record<string, IProgramReader> = {
  [KUBERNETES]: new KubernetesReader(),
  [COMPOSE]: new ComposeReader(),
  [SWARM]: new SwarmReader(),
};
