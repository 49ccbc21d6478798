import type { PlainContainer } from './plain';
import { pathIn, PodVolumes, podVolumeName } from './pod-volumes';
import { OWN } from './programs.generated';
import { toolContainer } from './tools';
import { Volume } from '../../model/volume';
import type { WorkloadBase } from '../../model/workload-base';
import { program } from '../../private/program';
import { TOOLS_IMAGE } from '../tools';

const VOLUMES = '/conduit/volumes';

/** Init containers that make the directories which the pod mounts, one for each owner. They come before all others, as these may mount them. */
export function lowerOwning(workload: WorkloadBase, { mounts }: PodVolumes): PlainContainer[] {
  const image = workload.application.images.resolve(TOOLS_IMAGE);
  const mounted = new Set(mounts.map(({ volume, subdirectory = '' }) => `${volume.name} ${subdirectory}`));
  const directories = [...new Set(mounts.map(({ volume }) => volume))].flatMap(volume => volume.directories
    .filter(({ path }) => path === '' || mounted.has(`${volume.name} ${path}`))
    .map(({ path, owner }) => ({ owner, volume: podVolumeName(volume), path: pathIn(path) })));
  return [...new Set(directories.map(({ owner }) => owner))].map(owner => {
    const own = directories.filter(directory => directory.owner === owner);
    return {
      ...toolContainer(`conduit-volumes-${owner}`, { ...image, uid: owner, gid: Volume.GID },
        ['sh', '-c', program({ VOLUMES }, OWN), 'own', ...own.flatMap(({ volume, path }) => [volume, path])]),
      volumeMounts: [...new Set(own.map(({ volume }) => volume))].map(name => ({ name, mountPath: `${VOLUMES}/${name}` })),
    };
  });
}
