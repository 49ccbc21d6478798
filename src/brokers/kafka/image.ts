import type { CatalogueImage } from '../../model/images';

const COMMANDS = ['acls', 'configs', 'consumer-groups', 'run-class', 'server-start', 'storage', 'topics'];

/** The image of nodes, and of the task that declares. */
export const KAFKA_IMAGE: CatalogueImage = {
  name: 'kafka',
  reference: 'apache/kafka:4.3.1',
  uid: 1000,
  gid: 1000,
  tools: [
    'awk', 'base64', 'bash', 'cat', 'grep', 'gunzip', 'mv', 'rm', 'sed', 'sha256sum', 'sleep', 'sort', 'touch', 'tr', 'wc',
    ...COMMANDS.map(name => `/opt/kafka/bin/kafka-${name}.sh`),
  ],
};
