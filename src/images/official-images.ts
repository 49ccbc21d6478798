import { CACHES } from './caches';
import { COORDINATION } from './coordination';
import { DATABASES } from './databases';
import { WEB_SERVERS } from './web-servers';
import type { ImageFacts } from '../model/image-facts';
import { ImageCatalogue } from '../model/images';
import { byText } from '../private/names';

const ALL = [...CACHES, ...COORDINATION, ...DATABASES, ...WEB_SERVERS].sort((a, b) => byText(a.name, b.name));

/** How well-known images are run: the defaults of whoever runs one of them. */
export class OfficialImages {
  /** All that is known, in the order of names. */
  public static get facts(): ImageFacts[] {
    return [...ALL];
  }

  private constructor() {}
}

ImageCatalogue._knowEverywhere(ALL);
