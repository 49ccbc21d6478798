// Who makes directories of volumes in a cluster, by the program that does so.
import { Application, Volume, Workload } from 'cdk8s-conduit';
import { statSync } from 'fs';
import { Sandbox } from '../../programs/sandbox';
import { Both } from '../both';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  for (const volume of ['volume-data', 'volume-other']) sandbox.directory(`/conduit/volumes/${volume}`);
});
afterEach(() => sandbox.remove());

/** Makes these directories of a volume, and then another volume. */
function make(directories: string[]) {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0', uid: 1000 });
  const data = new Volume(shop, 'data');
  for (const directory of directories) web.main.mountVolume(data, `/${directory}`, { subdirectory: directory });
  web.main.mountVolume(new Volume(shop, 'other'), '/other');
  return sandbox.run(new Both(shop).container('web', 'conduit-volumes-1000').command);
}
const modeOf = (path: string) => (statSync(sandbox.path(`/conduit/volumes/${path}`)).mode % 0o10000).toString(8);

test('makes what is missing for all users of the volume, and leaves the rest alone', async () => {
  sandbox.directory('/conduit/volumes/volume-data/data/kept');
  const kept = modeOf('volume-data/data');
  for (let times = 0; times < 2; times++) {
    expect(await make(['kept', 'a/deep -er/"one"'])).toEqual({ status: 0, stdout: '', stderr: '' });
    for (const made of ['volume-data/data/a', 'volume-data/data/a/deep -er/"one"', 'volume-other/data']) expect(modeOf(made)).toBe('2775');
    for (const left of ['volume-data/data', 'volume-data/data/kept']) expect(modeOf(left)).toBe(kept);
  }
});

test.each<[string, () => void]>([
  ['a link into another volume', () => sandbox.link('/conduit/volumes/volume-data/data/a', sandbox.path('/conduit/volumes/volume-other'))],
  ['a link upwards', () => sandbox.link('/conduit/volumes/volume-data/data/a', '..')],
  ['a link that leads nowhere', () => sandbox.link('/conduit/volumes/volume-data/data/a', sandbox.path('/conduit/volumes/volume-other/made'))],
  ['a file', () => sandbox.write('/conduit/volumes/volume-data/data/a', 'in the way')],
])('%s that a writer made is left alone, and costs others nothing', async (_, plant) => {
  plant();
  expect(await make(['a/one'])).toEqual({ status: 0, stdout: '/conduit/volumes/volume-data/data/a is left as it is: no directory, or a link to one\n', stderr: '' });
  expect(modeOf('volume-other/data')).toBe('2775');
  for (const made of ['volume-other/one', 'volume-other/made', 'volume-data/one']) expect(() => modeOf(made)).toThrow('ENOENT');
});

test.each(['chmod', 'mkdir'])('fails where %s cannot make a directory', async tool => {
  sandbox.tool(tool, 'exit 1');
  expect((await make(['one'])).status).toBe(1);
});
