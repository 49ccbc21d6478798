import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { REDIS_IMAGE } from './image';
import { HEALTH, START } from './programs.generated';
import type { RedisProps } from './redis';
import { CLIENT_PORT, DATA_PATH, renderConfiguration, schemeOf } from './settings';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { Problems } from '../../private/problems';
import { program } from '../../private/program';
import { ServerCertificate } from '../../servers/certificate';
import { announceServer } from '../../servers/public-address';
import type { StoreRuntime } from '../store-runtime';

const START_PATH = '/etc/redis/conduit/start';
const HEALTH_PATH = '/etc/redis/conduit/health';
const CONFIGURATION_PATH = '/etc/redis/conduit/redis.conf';
/** Who makes all other users, and is never called otherwise. */
const ADMIN = 'admin';
/** A server that has less has nothing left for its clients. */
const LEAST_MEMORY = Size.mebibytes(64);
const USUAL_MEMORY = Size.mebibytes(256);

/** A server of the application's own, with its storage and its files. */
export function runNode(store: Construct, props: RedisProps): StoreRuntime {
  const { storage: size, storageClass, memoryLimit: asked = USUAL_MEMORY, cache = false, tls = false } = props;
  const problems = new Problems(store.node.path);
  const isEnough = problems.check(asked.toKibibytes() >= LEAST_MEMORY.toKibibytes(), `'memoryLimit' must be ${LEAST_MEMORY.toMebibytes()} MiB or more, got ${asked.toKibibytes() / 1024} MiB`);
  const memoryLimit = isEnough ? asked : USUAL_MEMORY;
  Application._keep(store, problems);

  const workload = makeServer(store, memoryLimit, tls);
  const { main } = workload;
  const storage = new Volume(store, 'Data', { perMember: true, size, storageClass });
  main.mountVolume(storage, DATA_PATH);
  const password = new Secret(store, 'Admin', { key: 'password' });
  main.mountSecret(password);
  announceServer(workload, props);
  const certificate = tls ? new ServerCertificate(store, 'Tls', { workloads: [workload] }) : undefined;
  const admin = { ADMIN, ADMIN_PASSWORD_FILE: password.path };
  for (const [id, path, content] of [
    ['Configuration', CONFIGURATION_PATH, renderConfiguration({ memoryLimit, cache, certificate })],
    ['Start', START_PATH, program({ DATA: DATA_PATH, CONFIGURATION: CONFIGURATION_PATH, CACHE: cache ? 'yes' : '', ...admin }, START)],
    ['Health', HEALTH_PATH, program({ PORT: CLIENT_PORT, SECURED: tls ? 'yes' : '', ...admin }, HEALTH)],
  ]) main.mountConfigFile(new ConfigFile(store, id, { path, content }));
  const administrator = { userName: ADMIN, password };
  return { endpoint: workload.endpoint(), caCertificates: certificate?.caCertificates, workload, storage, members: 1, tls, administrator };
}

function makeServer(store: Construct, memoryLimit: Size, tls: boolean): Workload {
  const image = Application.of(store).images.register(REDIS_IMAGE);
  return new Workload(store, 'Default', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['sh', START_PATH],
    ports: [{ name: 'redis', number: CLIENT_PORT, scheme: schemeOf(tls) }],
    health: HealthCheck.command(['sh', HEALTH_PATH], { startPeriod: Duration.minutes(5), timeout: Duration.seconds(10) }),
    stable: true,
    resources: { memoryRequest: LEAST_MEMORY, memoryLimit, cpuRequest: 0.1, cpuLimit: 2 },
    stopGracePeriod: Duration.seconds(30),
  });
}
