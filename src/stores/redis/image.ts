import type { CatalogueImage } from '../../model/images';

/** The image of the server, and of the task that provisions it. */
export const REDIS_IMAGE: CatalogueImage = {
  name: 'valkey',
  reference: 'valkey/valkey:9.1.2',
  uid: 999,
  gid: 999,
  // official images of either product have all programs by these names
  tools: ['cat', 'env', 'grep', 'mv', 'redis-cli', 'redis-server', 'sed', 'sh', 'sha256sum', 'sleep'],
};
