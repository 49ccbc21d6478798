// Texts of every size get into a pod, whichever way objects are applied.
import { Application, ConfigFile, Task, Workload } from 'cdk8s-conduit';
import * as fc from 'fast-check';
import { lowerConfig } from '../../../src/targets/kubernetes/config-maps';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

const IMAGE = 'registry.example/acme/app:1.0';

/** Characters that take most room in JSON, or are two units. */
const pieces = fc.constantFrom('x', '\n', '"', '\\', '<', '\0', '\u2028', 'é', '€', '𝄞', '\ud834', '&'.repeat(50), '𝄞'.repeat(50), 'plain text '.repeat(20));
const large = fc.tuple(fc.array(pieces, { minLength: 1, maxLength: 20 }), fc.nat({ max: 9000 })).map(([parts, times]) => parts.join('').repeat(times).slice(0, 3_000_000));

test('a text of any characters is split into parts that every way of applying them takes, none of them within a character', () => {
  let split = 0;
  fc.assert(fc.property(large, text => {
    const maps = lowerConfig('conf', text, { a: 'b' }, false);
    if (maps.length > 1) split++;
    expect(maps.map(({ data }: any) => data.content).join('') === text).toBe(true);
    maps.forEach((map: any, index) => {
      expect(map.metadata).toEqual({ name: maps.length === 1 ? 'conf' : `conf.${index}`, labels: { a: 'b' } });
      // the copy that kubectl keeps of it
      const annotation = JSON.stringify({ ...map, metadata: { ...map.metadata, annotations: {}, namespace: 'n'.repeat(63) } }).replace(/[<>&\u2028\u2029]/g, '\\u0000');
      expect(Buffer.byteLength(annotation)).toBeLessThan(262_144);
      expect(index > 0 && /^[\udc00-\udfff]/.test(map.data.content) && /[\ud800-\udbff]$/.test((maps[index - 1] as any).data.content)).toBe(false);
    });
  }), { numRuns: 60 });
  expect(split).toBeGreaterThan(10);
});

const shopWith = (content: string, mounted = true) => {
  const shop = new Application('shop');
  const file = new ConfigFile(shop, 'conf', { path: '/etc/conf', content });
  const web = new Workload(shop, 'web', { image: IMAGE });
  if (mounted) web.main.mountConfigFile(file);
  return new Both(shop);
};
const mapsOf = ({ objects }: Both) => objects.filter(({ kind }) => kind === 'ConfigMap');
const mountedBy = (both: Both) => both.pod('web').volumes.map(({ configMap }: any) => configMap.name);

test('an earlier release finds its configuration beside that of a later one, and none of them can change', () => {
  const [first, second, again] = ['a', 'b', 'a'].map(content => shopWith(content));
  const [[before], [after]] = [first, second].map(mapsOf);
  expect(before).toMatchObject({ immutable: true, data: { content: 'a' } });
  expect(after).toMatchObject({ immutable: true, data: { content: 'b' } });
  expect(before.metadata.name).not.toBe(after.metadata.name);
  expect([first, second].map(mountedBy)).toEqual([[before.metadata.name], [after.metadata.name]]);
  expect(again.objects).toEqual(first.objects);
});

test('nothing but the name of its configuration tells a pod to begin anew', () => {
  const { annotations } = shopWith('a').find('Deployment', 'web').spec.template.metadata;
  expect(Object.keys(annotations)).toEqual(['kubectl.kubernetes.io/default-container']);
});

test('a text that no pod of the chart mounts is found by its name, and can change, as others refer to it', () => {
  const [map] = mapsOf(shopWith('a', false));
  expect([map.metadata.name, map.immutable]).toEqual(['conf', undefined]);
  expect(mapsOf(shopWith('x'.repeat(300_000), false)).map(({ metadata }) => metadata.name)).toEqual(['conf.0', 'conf.1']);
});

test('of a large text, only the parts that changed are other objects', () => {
  const names = ['a', 'b'].map(end => mountedParts(shopWith('x'.repeat(300_000) + end)));
  expect(names[0]).toEqual([expect.stringMatching(/^conf\.0-[0-9a-f]{10}$/), expect.stringMatching(/^conf\.1-[0-9a-f]{10}$/)]);
  expect([names[0][0] === names[1][0], names[0][1] === names[1][1]]).toEqual([true, false]);
});

function mountedParts(both: Both): string[] {
  return both.pod('web').volumes.flatMap(({ projected }: any) => projected?.sources ?? []).map(({ configMap }: any) => configMap.name);
}

test('a small text is one object of its name, and needs nothing else', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: IMAGE }).main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/etc/conf', content: 'x'.repeat(190_000) }));
  const both = new Both(shop);
  expect([both.names('ConfigMap'), both.containerNames('web')]).toEqual([['conf'], { init: [], running: ['web'] }]);
});

describe('a large text', () => {
  const text = 'some words on a line\n'.repeat(30_000);
  let shop: Application;
  beforeEach(() => { shop = new Application('shop'); });
  const file = (id: string, content = text) => new ConfigFile(shop, id, { path: `/etc/${id}`, content });

  test('is put together before anything else of the pod starts, by everyone who mounts it', () => {
    const migrate = new Task(shop, 'migrate', { image: IMAGE, completionCheck: ['true'] });
    const web = new Workload(shop, 'web', { image: IMAGE });
    web.waitFor(migrate);
    const first = web.addInitContainer('first', { image: IMAGE });
    const conf = file('conf');
    for (const container of [web.main, first, migrate.main]) container.mountConfigFile(conf);
    const both = new Both(shop);
    expect(both.names('ConfigMap')).toEqual(['conf.0', 'conf.1', 'conf.2', 'conf.3']);
    expect(both.containerNames('web').init).toEqual(['conduit-files', 'conduit-tools', 'conduit-await-migrate', 'first']);
    expect(both.containerNames('migrate').init).toEqual(['conduit-files']);
    for (const name of ['web', 'first', 'conduit-await-migrate']) {
      expect(both.container('web', name).volumeMounts).toContainEqual({ name: 'joined-conf', mountPath: '/etc/conf', subPath: 'content', readOnly: true });
    }
    expect(both.pod('web').volumes.slice(-2)).toEqual(expect.arrayContaining([
      { name: 'config-conf', projected: { sources: [0, 1, 2, 3].map(index => ({ configMap: { name: expect.stringMatching(`^conf.${index}-`), items: [{ key: 'content', path: `000${index}` }] } })) } },
      { name: 'joined-conf', emptyDir: { sizeLimit: '1Mi' } },
    ]));
  });

  test('restarts its readers when it changes, wherever', () => {
    const traces = ['a', 'b'].map(end => {
      shop = new Application('shop');
      new Workload(shop, 'web', { image: IMAGE }).main.mountConfigFile(file('conf', text + end));
      return new Both(shop).find('Deployment', 'web').spec.template;
    });
    expect(traces[0]).not.toEqual(traces[1]);
  });

  test('is the same afterwards', async () => {
    const web = new Workload(shop, 'web', { image: IMAGE });
    for (const id of ['conf', 'other-conf']) web.main.mountConfigFile(file(id, `${id}\n${text.repeat(5)}end`));
    const both = new Both(shop);
    const { command, volumeMounts } = both.container('web', 'conduit-files');
    const sandbox = new Sandbox();
    try {
      for (const { name, mountPath } of volumeMounts) {
        sandbox.directory(mountPath);
        const { projected } = both.pod('web').volumes.find((volume: any) => volume.name === name);
        for (const { configMap } of projected?.sources ?? []) {
          for (const { key, path } of configMap.items) sandbox.write(`${mountPath}/${path}`, mapsOf(both).find(({ metadata }) => metadata.name === configMap.name).data[key]);
        }
      }
      expect(await sandbox.run(command)).toEqual({ status: 0, stdout: '', stderr: '' });
      for (const id of ['conf', 'other-conf']) expect(sandbox.read(`/conduit/files/joined-${id}/content`) === `${id}\n${text.repeat(5)}end`).toBe(true);
    } finally {
      sandbox.remove();
    }
  });
});
