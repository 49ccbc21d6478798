import { CONFIG_KEY } from './config-maps';
import type { PlainContainer } from './plain';
import type { PodVolumes } from './pod-volumes';
import { JOIN } from './programs.generated';
import { toolContainer } from './tools';
import type { WorkloadBase } from '../../model/workload-base';
import { program } from '../../private/program';
import { TOOLS_IMAGE } from '../tools';

const [PARTS, FILES] = ['/conduit/parts', '/conduit/files'];

/** The init container that puts together config files that are in several ConfigMaps; before all others, as these may mount them. */
export function lowerJoining(workload: WorkloadBase, { joined }: PodVolumes): PlainContainer[] {
  if (joined.length === 0) return [];
  const command = ['sh', '-c', program({ PARTS, FILES, NAME: CONFIG_KEY }, JOIN)];
  const volumeMounts = joined.flatMap(({ parts, whole }) => [
    { name: parts, mountPath: `${PARTS}/${whole}`, readOnly: true }, { name: whole, mountPath: `${FILES}/${whole}` },
  ]);
  return [{ ...toolContainer('conduit-files', workload.application.images.resolve(TOOLS_IMAGE), command), volumeMounts }];
}
