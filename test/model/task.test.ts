import { Application, ConfigFile, Endpoint, EnvValue, Secret, Task, TaskProps, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

const IMAGE = 'registry.example/acme/app:1.0';
const TOOL = 'registry.example/acme/migrate:1.0';

/** Both outputs of a workload that waits for a task. */
function lower(props: Partial<TaskProps> = {}, content = ''): Both {
  const shop = new Application('shop');
  const task = new Task(shop, 'migrate', { image: TOOL, completionCheck: ['migrate', 'status'], ...props });
  task.main.mountConfigFile(new ConfigFile(shop, 'steps', { path: '/etc/steps', content }));
  const web = new Workload(shop, 'web', { image: IMAGE, env: { DB: EnvValue.literal('orders') } });
  web.waitFor(task);
  return new Both(shop);
}

test('a task runs to completion and is tried again', () => {
  const both = lower({ retries: 2 });
  const [job] = both.objects.filter(object => object.kind === 'Job');
  expect(job.spec).toMatchObject({ backoffLimit: 2, template: { spec: { restartPolicy: 'OnFailure' } } });
  expect(both.pod('migrate').containers.map(({ name, image }: any) => [name, image])).toEqual([['migrate', TOOL]]);
  expect(both.service('migrate').restart).toBe('on-failure:2');
  expect(both.names('Service')).toEqual([]);
});

test('a task is tried again six times if nothing is said', () => {
  const both = lower();
  expect(both.objects.find(object => object.kind === 'Job').spec.backoffLimit).toBe(6);
  expect(both.service('migrate').restart).toBe('on-failure:6');
});

test('a task that is tried once is not started again by Compose', () => {
  expect(lower({ retries: 0 }).service('migrate').restart).toBe('no');
});

test('whoever waits for a task starts once its work is done, or once it has ended', () => {
  const both = lower();
  expect(both.containerNames('web').init).toEqual(['conduit-tools', 'conduit-await-migrate']);
  expect(both.container('web', 'conduit-await-migrate')).toMatchObject({
    image: TOOL,
    command: ['/conduit/busybox', 'sh', '-c', 'until "$@"; do /conduit/busybox sleep 1; done', 'await', 'migrate', 'status'],
    volumeMounts: [{ name: 'conduit-tools', mountPath: '/conduit', readOnly: true }],
  });
  expect(both.service('web').depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
});

test("the completion check has variables of the waiting program's connections and grants, and none by which that program is run", () => {
  const shop = new Application('shop');
  const task = new Task(shop, 'migrate', { image: TOOL, completionCheck: ['check'] });
  const env = { PATH: '/venv/bin', LD_PRELOAD: '/lib/own.so', HOME: '/home/web', DB: 'orders' };
  const web = new Workload(shop, 'web', { image: IMAGE, env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, EnvValue.literal(text)])) });
  web.connectTo(Endpoint.external('db.example', 5432, { addresses: ['198.51.100.7/32'] }), { prefix: 'DB' });
  web.main.setEnv('DB_PASSWORD_FILE', EnvValue.secretFile(new Secret(shop, 'db')));
  web.connectTo(Endpoint.external('cache.example', 6379), { variables: { HOST: 'CACHE' } });
  web.waitFor(task);
  const both = new Both(shop);
  expect(both.container('web', 'conduit-await-migrate').env).toEqual([
    { name: 'CACHE', value: 'cache.example' },
    { name: 'DB_HOST', value: 'db.example' }, { name: 'DB_PASSWORD_FILE', value: '/run/secrets/db' },
    { name: 'DB_PORT', value: '5432' },
  ]);
  for (const told of Object.values(both.env('web'))) expect(told).toMatchObject(env); // on Compose nothing checks, as the end of the task tells
});

test('the completion check is run with what the waiting program has', () => {
  const shop = new Application('shop');
  const task = new Task(shop, 'migrate', { image: TOOL, completionCheck: ['check'] });
  const web = new Workload(shop, 'web', { image: IMAGE, env: { KEY_FILE: EnvValue.secretFile(new Secret(shop, 'key')) } });
  web.waitFor(task);
  web.waitFor(task);
  const both = new Both(shop);
  expect(both.container('web', 'conduit-await-migrate').volumeMounts).toEqual([
    { name: 'secrets-main', mountPath: '/run/secrets', readOnly: true }, { name: 'conduit-tools', mountPath: '/conduit', readOnly: true },
  ]);
  expect(both.pod('web').volumes.map(({ name }: any) => name)).toEqual(['conduit-tools', 'secrets-main']);
  expect(both.container('migrate')).not.toHaveProperty('volumeMounts');
});

test('what containers beside the main one wait for is looked for with what they have, before anything of the workload starts', () => {
  const shop = new Application('shop');
  const task = new Task(shop, 'migrate', { image: TOOL, completionCheck: ['check'] });
  const web = new Workload(shop, 'web', { image: IMAGE, env: { DB: EnvValue.literal('orders') } });
  const helper = web.addSidecar('helper', { image: IMAGE, env: { DB: EnvValue.literal('mails'), KEY_FILE: EnvValue.secretFile(new Secret(shop, 'key')) } });
  helper.waitFor(task);
  expect(helper.tasks).toEqual([task]);
  expect(web.main.tasks).toEqual([]);
  expect(web.tasks).toEqual([task]);
  const both = new Both(shop);
  expect(both.containerNames('web').init.slice(0, 2)).toEqual(['conduit-tools', 'conduit-await-migrate-helper']);
  expect(both.container('web', 'conduit-await-migrate-helper')).toMatchObject({
    image: TOOL,
    volumeMounts: [{ name: 'secrets-helper', mountPath: '/run/secrets', readOnly: true }, { name: 'conduit-tools', mountPath: '/conduit', readOnly: true }],
  });
  for (const service of Object.values<any>(both.compose.services).filter(({ image }) => image === IMAGE)) {
    expect(service.depends_on ?? both.service(service.network_mode.slice('service:'.length)).depends_on).toHaveProperty('migrate');
  }
});

test('a Job is named by its content: the same is the same Job, and a change makes another', () => {
  const name = (both: Both) => both.names('Job')[0];
  const first = name(lower());
  expect(first).toMatch(/^migrate-[0-9a-f]{10}$/);
  expect(name(lower())).toBe(first);
  expect(name(lower({ args: ['up'] }))).not.toBe(first);
  expect(name(lower({ image: 'registry.example/acme/migrate:1.1' }))).not.toBe(first);
  expect(name(lower({}, 'another step'))).not.toBe(first);
});

test('tasks can wait for tasks, and for workloads', () => {
  const shop = new Application('shop');
  const db = new Workload(shop, 'db', { image: IMAGE, ports: [{ name: 'sql', number: 5432 }] });
  const schema = new Task(shop, 'schema', { image: TOOL, completionCheck: ['true'] });
  const data = new Task(shop, 'data', { image: TOOL });
  schema.connectTo(db.endpoint());
  data.waitFor(schema);
  const both = new Both(shop);
  expect(both.containerNames('data').init).toEqual(['conduit-tools', 'conduit-await-schema']);
  expect(both.service('data').depends_on).toEqual({ schema: { condition: 'service_completed_successfully' } });
  expect(both.service('schema').depends_on).toEqual({ db: { condition: 'service_healthy' } });
});

test('a task is no server: nothing may connect to it', () => {
  const both = lower();
  expect(both.find('NetworkPolicy', 'migrate').spec).not.toHaveProperty('ingress');
  expect(both.service('migrate').network_mode).toBe('none');
});
