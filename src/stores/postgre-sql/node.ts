import { Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { POSTGRESQL_IMAGE } from './image';
import type { PostgreSqlProps } from './postgre-sql';
import { START } from './programs.generated';
import { ACCESS_PATH, CLIENT_PORT, DATA_PATH, renderAccess, renderConfiguration, RUN_PATH, SCHEME, STORAGE_PATH } from './settings';
import { Application } from '../../model/application';
import type { Certificate } from '../../model/certificate';
import { ConfigFile } from '../../model/config-file';
import { HealthCheck } from '../../model/health-check';
import { Secret } from '../../model/secret';
import { Volume } from '../../model/volume';
import { Workload } from '../../model/workload';
import { Problems } from '../../private/problems';
import { program } from '../../private/program';
import type { Principal } from '../../servers/access';
import { ServerCertificate } from '../../servers/certificate';
import { announceServer } from '../../servers/public-address';
import type { StoreRuntime } from '../store-runtime';

/** Where the script is mounted that starts the server. */
const START_PATH = '/etc/postgresql/conduit/start';
const CONFIGURATION_PATH = '/etc/postgresql/conduit/postgresql.conf';
/** What the first start makes, and is never called otherwise. */
const ADMIN = 'postgres';
/** A server that has less has nothing left for its clients. */
const LEAST_MEMORY = Size.mebibytes(128);

/** A server of the application's own, with its storage and its files. */
export function runNode(store: Construct, props: PostgreSqlProps): StoreRuntime {
  const { storage: size = Size.gibibytes(8), storageClass, memoryLimit = Size.mebibytes(512), maxConnections = 100, tls = false } = props;
  const problems = new Problems(store.node.path);
  problems.check(Number.isInteger(maxConnections) && maxConnections >= 10 && maxConnections <= 10_000, `'maxConnections' must be a whole number from 10 to 10000, got ${maxConnections}`);
  problems.check(memoryLimit.toKibibytes() >= LEAST_MEMORY.toKibibytes(), `'memoryLimit' must be ${LEAST_MEMORY.toMebibytes()} MiB or more, got ${memoryLimit.toKibibytes() / 1024} MiB`);
  Application._keep(store, problems);

  const workload = makeServer(store, memoryLimit);
  const { main } = workload;
  const storage = new Volume(store, 'Data', { perMember: true, size, storageClass });
  main.mountVolume(storage, STORAGE_PATH);
  const password = new Secret(store, 'Admin', { key: 'password' });
  main.mountSecret(password);
  const administrator = { userName: ADMIN, password };
  announceServer(workload, props);
  const certificate = tls ? new ServerCertificate(store, 'Tls', { workloads: [workload] }) : undefined;
  const settings = { memoryLimit, maxConnections, certificate };
  for (const [id, path, content] of [
    ['Configuration', CONFIGURATION_PATH, renderConfiguration(settings)],
    ['Access', ACCESS_PATH, renderAccess(settings)],
    ['Start', START_PATH, startScript(administrator, certificate)],
  ]) main.mountConfigFile(new ConfigFile(store, id, { path, content }));
  return { endpoint: workload.endpoint(), caCertificates: certificate?.caCertificates, workload, storage, members: 1, tls, administrator };
}

function makeServer(store: Construct, memoryLimit: Size): Workload {
  const image = Application.of(store).images.register(POSTGRESQL_IMAGE);
  return new Workload(store, 'Default', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['bash', START_PATH],
    ports: [{ name: 'postgresql', number: CLIENT_PORT, scheme: SCHEME }],
    // not by the socket, which is there before clients can connect
    health: HealthCheck.command(['pg_isready', '--quiet', '--host=127.0.0.1', `--port=${CLIENT_PORT}`, `--username=${ADMIN}`, '--dbname=postgres'],
      { startPeriod: Duration.minutes(5), timeout: Duration.seconds(10) }),
    stable: true,
    writablePaths: [RUN_PATH, '/tmp'],
    resources: { memoryRequest: Size.mebibytes(Math.min(128, memoryLimit.toMebibytes())), memoryLimit, cpuRequest: 0.1, cpuLimit: 2 },
    stopSignal: 'SIGINT', // ends connections; the usual signal waits until clients have gone
    stopGracePeriod: Duration.minutes(1),
  });
}

function startScript({ userName, password }: Principal, certificate?: Certificate): string {
  return program({
    RUN: RUN_PATH,
    DATA: DATA_PATH,
    CONFIGURATION: CONFIGURATION_PATH,
    ADMIN: userName,
    ADMIN_PASSWORD_FILE: password.path,
    CERTIFICATE: certificate?.chain.path ?? '',
    KEY: certificate?.key.path ?? '',
  }, START);
}
