import { HealthCheck } from '../model/health-check';
import type { ImageFacts } from '../model/image-facts';

/** `-e` has an answer such as NOAUTH count as a failure. The program cannot be stopped where it cannot write its data. */
const REDIS = {
  name: 'redis',
  sinceVersion: 7,
  uid: 999,
  ports: [{ name: 'redis', number: 6379, scheme: 'redis' }],
  health: HealthCheck.command(['redis-cli', '-e', 'ping']),
  writablePaths: ['/data'],
  dataPaths: ['/data'],
  date: '2026-11-28',
};
const REDIS_SOURCE = 'https://github.com/redis/docker-library-redis/blob/0076c90a8028d29b25313f7272fa2d1245c3be76';

const VALKEY = { ...REDIS, name: 'valkey/valkey', health: HealthCheck.command(['valkey-cli', '-e', 'ping']) };
const VALKEY_SOURCE = 'https://github.com/valkey-io/valkey-container/blob/01966293522aeb5399521609cf673941a1ae61ef/9.0';

/** Stores whose data may be lost, unless somebody mounts a volume. */
export const CACHES: ImageFacts[] = [
  { ...REDIS, gid: 999, source: `${REDIS_SOURCE}/debian/Dockerfile` },
  { ...REDIS, flavour: 'alpine', gid: 1000, source: `${REDIS_SOURCE}/alpine/Dockerfile` },
  { ...VALKEY, gid: 999, source: `${VALKEY_SOURCE}/debian/Dockerfile` },
  { ...VALKEY, flavour: 'alpine', gid: 1000, source: `${VALKEY_SOURCE}/alpine/Dockerfile` },
  {
    name: 'memcached',
    uid: 11211,
    gid: 11211,
    anyUid: true,
    ports: [{ name: 'memcached', number: 11211 }],
    source: 'https://github.com/docker-library/memcached/blob/0215dbaa543d98b7e54eee9162906d31fcb8677e/1/debian/Dockerfile',
    date: '2026-11-28',
  },
];
