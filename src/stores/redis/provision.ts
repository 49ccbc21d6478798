import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { REDIS_IMAGE } from './image';
import { COMPLETION_CHECK, PROVISION } from './programs.generated';
import { Application } from '../../model/application';
import { ConfigFile, ITextSource } from '../../model/config-file';
import { Task } from '../../model/task';
import { program } from '../../private/program';
import type { Principal } from '../../servers/access';
import type { StoreRuntime } from '../store-runtime';

/** Where it is mounted which users there have to be. */
export const DECLARATIONS_PATH = '/etc/redis/conduit/declarations';
const PROVISION_PATH = '/etc/redis/conduit/provision';
/** Memory of the script's own. */
const RUN_PATH = '/run/conduit';

/** The task that makes users, which a text names. */
export function addProvisioning(store: Construct, runtime: StoreRuntime, administrator: Principal, declarations: ITextSource): Task {
  const { endpoint: { host, port }, caCertificates, workload } = runtime;
  const image = Application.of(store).images.register(REDIS_IMAGE);
  const TRUSTED = caCertificates?.path ?? '';
  const task = new Task(store, 'Provisioning', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['sh', PROVISION_PATH],
    writablePaths: [RUN_PATH],
    resources: { memoryRequest: Size.mebibytes(16), memoryLimit: Size.mebibytes(64) },
    completionCheck: ['sh', '-c', program({ SERVER: `${host}:${port}`, TRUSTED }, COMPLETION_CHECK)],
  });
  task.connectTo(runtime.endpoint, { prefix: 'SERVER' });
  for (const secret of [administrator.password, ...(caCertificates ? [caCertificates] : [])]) task.main.mountSecret(secret);
  const script = program({
    DECLARATIONS: DECLARATIONS_PATH,
    OURS: store.node.path.replace(/[^A-Za-z0-9/._-]/g, '-'),
    HOST: host,
    PORT: port,
    ADMIN: administrator.userName,
    ADMIN_PASSWORD_FILE: administrator.password.path,
    TRUSTED,
    STORES: workload ? 'yes' : '',
    RUN: RUN_PATH,
  }, PROVISION);
  task.main.mountConfigFile(new ConfigFile(task, 'Declarations', { path: DECLARATIONS_PATH, source: declarations }));
  task.main.mountConfigFile(new ConfigFile(task, 'Script', { path: PROVISION_PATH, content: script }));
  return task;
}
