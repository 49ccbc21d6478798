import type { CatalogueImage } from '../../model/images';

/** The image of proxies. */
export const NGINX_IMAGE: CatalogueImage = {
  name: 'nginx',
  reference: 'nginx:1.30.6',
  user: 101,
  group: 101,
  tools: ['cat', 'cp', 'grep', 'kill', 'mv', 'nginx', 'rm', 'sed', 'sh', 'sha256sum', 'sleep', 'sort', 'tr'],
};
