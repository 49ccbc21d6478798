import type { CatalogueImage } from '../../model/images';

/** The image of servers. */
export const NATS_IMAGE: CatalogueImage = {
  name: 'nats',
  reference: 'nats:2.14.5-alpine',
  uid: 65534,
  gid: 65534,
  tools: ['awk', 'cat', 'grep', 'hostname', 'nats-server', 'rm', 'sh', 'sleep', 'sort', 'touch', 'tr', 'wget'],
};

/** The image of the task that declares. */
export const NATS_BOX_IMAGE: CatalogueImage = {
  name: 'nats-box',
  reference: 'natsio/nats-box:0.19.7',
  uid: 65534,
  gid: 65534,
  tools: ['cat', 'date', 'env', 'nats', 'sed', 'sh', 'sleep'],
};
