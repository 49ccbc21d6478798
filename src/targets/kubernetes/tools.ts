import { lowerResources, securityContext } from './container';
import type { PlainContainer } from './plain';
import type { CatalogueImage } from '../../model/images';
import { withRegistry } from '../../private/image-names';

const RESOURCES = { cpuRequest: 0.01, cpuLimit: 0.2, memoryRequest: 16, memoryLimit: 32, diskLimit: 32 };

/** An init container of the library's own. */
export function toolContainer(name: string, image: CatalogueImage, command: string[]): PlainContainer {
  return {
    name,
    image: withRegistry(image.reference),
    imagePullPolicy: 'IfNotPresent',
    command,
    resources: lowerResources(RESOURCES),
    securityContext: securityContext(image.uid, image.gid),
  };
}
