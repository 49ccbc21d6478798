import { Duration, Size } from 'cdk8s';
import { HealthCheck } from '../model/health-check';
import type { ImageFacts } from '../model/image-facts';

/** What is the same of every tag. Checks ask over the network, as sockets of files answer while the first start still goes on. */
const POSTGRES = {
  name: 'postgres',
  ports: [{ name: 'postgresql', number: 5432, scheme: 'postgresql' }],
  health: HealthCheck.command(['pg_isready', '--quiet', '--host=127.0.0.1'], { startPeriod: Duration.minutes(5) }),
  writablePaths: ['/tmp', '/var/run/postgresql'],
  dataVariable: 'PGDATA',
  fileVariables: ['POSTGRES_DB', 'POSTGRES_INITDB_ARGS', 'POSTGRES_PASSWORD', 'POSTGRES_USER'],
};

/** Up to 17 the server takes a directory of its own alone. The root of a volume is none: it has another owner, or `lost+found`. */
const BEFORE_18 = {
  ...POSTGRES,
  sinceVersion: 9,
  beforeVersion: 18,
  dataPaths: ['/var/lib/postgresql/data'],
  variables: { PGDATA: '/var/lib/postgresql/data/pgdata' },
  source: 'https://github.com/docker-library/postgres/blob/2603e26e245e558218728ee14e0a42dcb020dc7f/17/trixie/Dockerfile',
  date: '2026-11-28',
};

const SINCE_18 = { ...POSTGRES, sinceVersion: 18, dataPaths: ['/var/lib/postgresql'], date: '2026-11-28' };
const POSTGRES_18 = 'https://github.com/docker-library/postgres/blob/12eb5762e3cf3c44440ed078b59843b5dfbde570/18';

/** Databases. */
export const DATABASES: ImageFacts[] = [
  { ...BEFORE_18, uid: 999, gid: 999 },
  { ...BEFORE_18, flavour: 'alpine', uid: 70, gid: 70 },
  { ...SINCE_18, uid: 999, gid: 999, source: `${POSTGRES_18}/trixie/Dockerfile` },
  { ...SINCE_18, flavour: 'alpine', uid: 70, gid: 70, source: `${POSTGRES_18}/alpine3.23/Dockerfile` },
  {
    name: 'mariadb',
    sinceVersion: 10,
    uid: 999,
    gid: 999,
    ports: [{ name: 'mysql', number: 3306, scheme: 'mysql' }],
    health: HealthCheck.command(['healthcheck.sh', '--connect', '--innodb_initialized'], { startPeriod: Duration.minutes(5) }),
    writablePaths: ['/run/mysqld', '/tmp'],
    dataPaths: ['/var/lib/mysql'],
    fileVariables: ['MARIADB_DATABASE', 'MARIADB_PASSWORD', 'MARIADB_PASSWORD_HASH', 'MARIADB_ROOT_HOST', 'MARIADB_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD_HASH', 'MARIADB_USER'],
    memory: Size.mebibytes(512),
    source: 'https://github.com/MariaDB/mariadb-docker/blob/15e640e948cccd9c05f7149f3d22ef1abd952de5/11.8/Dockerfile',
    date: '2026-11-28',
  },
  {
    name: 'mysql',
    sinceVersion: 8,
    uid: 999,
    gid: 999,
    ports: [{ name: 'mysql', number: 3306, scheme: 'mysql' }],
    health: HealthCheck.command(['mysqladmin', 'ping', '--host=127.0.0.1', '--silent'], { startPeriod: Duration.minutes(5) }),
    writablePaths: ['/tmp', '/var/run/mysqld'],
    dataPaths: ['/var/lib/mysql'],
    fileVariables: ['MYSQL_DATABASE', 'MYSQL_PASSWORD', 'MYSQL_ROOT_HOST', 'MYSQL_ROOT_PASSWORD', 'MYSQL_USER'],
    memory: Size.gibibytes(1), // the first start needs more than 512 MiB
    source: 'https://github.com/docker-library/mysql/blob/3447d2db9bc3084a226381b97ea852f8f9d96406/8.4/Dockerfile.oracle',
    date: '2026-11-28',
  },
  {
    name: 'mongo',
    sinceVersion: 7,
    uid: 999,
    gid: 999,
    ports: [{ name: 'mongodb', number: 27017, scheme: 'mongodb' }],
    writablePaths: ['/data/configdb', '/tmp'], // only servers of a sharded cluster's configuration keep data in configdb
    dataPaths: ['/data/db'],
    fileVariables: ['MONGO_INITDB_ROOT_PASSWORD', 'MONGO_INITDB_ROOT_USERNAME'],
    memory: Size.gibibytes(1),
    source: 'https://github.com/docker-library/mongo/blob/0223203c85f9e026c05e4f34794f2f5dc719f9b3/8.0/Dockerfile',
    date: '2026-11-28',
  },
  {
    name: 'influxdb',
    sinceVersion: 2,
    beforeVersion: 3,
    uid: 1000,
    gid: 1000,
    ports: [{ name: 'http', number: 8086, scheme: 'http' }],
    health: HealthCheck.http(8086, '/health', { startPeriod: Duration.minutes(5) }),
    writablePaths: ['/etc/influxdb2', '/home/influxdb', '/tmp'], // the first has settings of the command line, which the first start makes
    dataPaths: ['/var/lib/influxdb2'],
    fileVariables: ['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN', 'DOCKER_INFLUXDB_INIT_PASSWORD', 'DOCKER_INFLUXDB_INIT_USERNAME'],
    memory: Size.mebibytes(512),
    source: 'https://github.com/influxdata/influxdata-docker/blob/046b771067f49927d5434889a0f128b5989681b6/influxdb/2.7/Dockerfile',
    date: '2026-11-28',
  },
];
