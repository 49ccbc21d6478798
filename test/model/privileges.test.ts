import { Application, ComposeProject, KubernetesChart, Privileges, TestOutput, Volume, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

test('a program that insists starts as root, with what it needs to become its user, and no more', () => {
  new Workload(shop, 'mail', { image: 'acme/mail:1.0', uid: 101, gid: 102, privileges: Privileges.rootThenDrop({ reason: 'it owns its queue' }) });
  const both = new Both(shop);
  expect(both.container('mail').securityContext).toEqual({
    runAsNonRoot: false,
    runAsUser: 0,
    runAsGroup: 0,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    privileged: false,
    capabilities: { drop: ['ALL'], add: CAPABILITIES },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(both.service('mail')).toMatchObject({ user: '0:0', read_only: true, cap_drop: ['ALL'], cap_add: CAPABILITIES, security_opt: ['no-new-privileges:true'] });
});

test('its writable paths and volumes belong to the user as which it goes on', () => {
  const { main } = new Workload(shop, 'db', { image: 'postgres:18.6', stable: true, privileges: Privileges.rootThenDrop({ reason: 'as the image is made' }) });
  const data = new Volume(shop, 'data', { perMember: true });
  main.mountVolume(data, '/var/lib/postgresql');
  expect(data.directories).toEqual([{ path: '', owner: 999 }]);
  for (const mount of new Both(shop).service('db-0').tmpfs) expect(mount).toMatch(/:uid=999,gid=999,/);
});

test('no other program of the application is touched', () => {
  const web = new Workload(shop, 'web', { image: 'acme/web:1.0' });
  web.addSidecar('mail', { image: 'acme/mail:1.0', privileges: Privileges.rootThenDrop({ reason: 'it owns its queue' }) });
  const both = new Both(shop);
  expect(both.container('web').securityContext).toMatchObject({ runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
  expect(both.service('web_main').cap_add).toBeUndefined();
  expect(both.service('web_main').user).toBe('10001:10001');
});

test('both targets report it, with the reason of the program', () => {
  new Workload(shop, 'mail', { image: 'acme/mail:1.0', privileges: Privileges.rootThenDrop({ reason: 'it owns its queue' }) });
  for (const target of [KubernetesChart.target(), ComposeProject.target()]) {
    expect(TestOutput.of(shop, target).fidelity).toContainEqual({
      path: 'shop/mail', level: 'emulated', feature: 'a start as root', reason: expect.stringContaining('*restricted*'), said: 'it owns its queue',
    });
  }
});

test('a reason must be given', () => {
  expect(() => Privileges.rootThenDrop({ reason: ' ' })).toThrow("privileges: 'reason' must say what the program needs root for, got ''");
});
