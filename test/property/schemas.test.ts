import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { forAllApplications, Synthesis } from './synthesis';
import { composeSchema } from '../judges/docker-schemas';
import { judgeTest, newestKubernetes, strictKubernetes } from '../judges/judges';

let directory: string;
beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'schemas-')); });
afterAll(() => rmSync(directory, { recursive: true }));

judgeTest('manifests are valid under the strict schemas of the oldest and the newest Kubernetes', 'strictKubernetes', () => {
  const file = join(directory, 'manifest.k8s.yaml');
  forAllApplications(description => {
    writeFileSync(file, new Synthesis(description).manifest);
    for (const version of ['1.27', newestKubernetes()]) {
      // 1.27 knows no native sidecars: a field that it does not have is no fault of a manifest for 1.29
      if (version === '1.27' && description.nativeSidecars) continue;
      expect(strictKubernetes(file, version, ['ExternalSecret'])).toEqual([]);
    }
  }, 100);
});

test('Compose files are valid under the schema of the Compose Specification', () => {
  forAllApplications(description => expect(composeSchema(new Synthesis(description).compose)).toEqual([]));
});
