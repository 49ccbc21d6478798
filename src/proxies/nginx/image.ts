import type { CatalogueImage } from '../../model/images';
import { NGINX } from '../../private/proxy-images';

/** The image of proxies. */
export const NGINX_IMAGE: CatalogueImage = {
  name: 'nginx',
  ...NGINX,
  tools: ['cat', 'cp', 'grep', 'kill', 'mv', 'nginx', 'rm', 'sed', 'sh', 'sha256sum', 'sleep', 'sort', 'tr'],
};
