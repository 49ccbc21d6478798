import type { CatalogueImage } from '../../model/images';

/** The image of nodes, and of the task that declares on others. */
export const RABBITMQ_IMAGE: CatalogueImage = {
  name: 'rabbitmq',
  reference: 'rabbitmq:4.3.5',
  user: 999,
  group: 999,
  tools: ['sh', 'bash', 'cat', 'dirname', 'erl', 'escript', 'head', 'readlink', 'rm', 'sed', 'tr', 'docker-entrypoint.sh', 'rabbitmq-server'],
};
