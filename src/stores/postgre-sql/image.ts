import type { CatalogueImage } from '../../model/images';

/** The image of the server, and of the task that provisions it. */
export const POSTGRESQL_IMAGE: CatalogueImage = {
  name: 'postgres',
  reference: 'postgres:18.6',
  uid: 999,
  gid: 999,
  tools: ['bash', 'cat', 'chmod', 'initdb', 'mv', 'pg_isready', 'postgres', 'psql', 'rm', 'setsid', 'sh', 'sleep'],
};
