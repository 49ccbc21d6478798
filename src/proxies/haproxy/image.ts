import type { CatalogueImage } from '../../model/images';
import { HAPROXY } from '../../private/proxy-images';

/** The image of proxies. */
export const HAPROXY_IMAGE: CatalogueImage = {
  name: 'haproxy',
  ...HAPROXY,
  tools: ['awk', 'cat', 'grep', 'haproxy', 'kill', 'mv', 'rm', 'sed', 'sh', 'sha256sum', 'sleep', 'sort', 'tr'],
};
