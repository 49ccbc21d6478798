import type { CatalogueImage } from '../../model/images';

/** The image of nodes, and of the task that declares on others. */
export const RABBITMQ_IMAGE: CatalogueImage = {
  name: 'rabbitmq',
  reference: 'rabbitmq:4.3.5',
  uid: 999,
  gid: 999,
  tools: [
    'awk', 'bash', 'cat', 'cp', 'dirname', 'docker-entrypoint.sh', 'erl', 'escript', 'grep', 'head', 'hostname', 'rabbitmq-server', 'rabbitmqctl', 'readlink',
    'rm', 'sed', 'sh', 'sleep', 'sort', 'timeout', 'touch', 'uniq', 'tr', 'wc',
  ],
};
