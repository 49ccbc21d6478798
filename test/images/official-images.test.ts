// The facts of images against what their Dockerfiles say. dockerfiles.json has what was read of each on 2026-11-28: the numbers with which it makes the
// user (none where its base image, or the order of packages, decides), USER, VOLUME and EXPOSE.
import { Application, ImageFacts, OfficialImages, Workload } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { join } from 'path';

interface Dockerfile {
  readonly image: string;
  readonly file: string;
  readonly commit: string;
  readonly created: string;
  readonly user: string;
  readonly volumes: string[];
  readonly exposed: number[];
}

const dockerfiles: Dockerfile[] = JSON.parse(readFileSync(join(__dirname, 'dockerfiles.json'), 'utf8'));

function factsOf(image: string): ImageFacts {
  const { main } = new Workload(new Application('shop'), 'web', { image });
  if (!main.facts) throw new Error(`nothing is known of ${image}`);
  return main.facts;
}

describe.each(dockerfiles)('$image', ({ image, created, user, volumes, exposed }) => {
  const facts = factsOf(image);

  test('runs as the user that its Dockerfile makes', () => {
    expect(facts.uid).toBeGreaterThan(0);
    if (created !== '') expect(`${facts.uid}:${facts.gid}`).toBe(created);
    expect(user).not.toMatch(/^(0|root)$/);
  });

  test('may write to each of its volumes, or keeps data there', () => {
    const writable = [...facts.dataPaths ?? [], ...facts.writablePaths ?? []];
    const missing = volumes.filter(path => !writable.includes(path));
    expect(missing).toEqual(image.startsWith('wordpress:cli') ? ['/var/www/html'] : []); // a tool, which works on what others keep
  });

  test('listens where its Dockerfile says, if that says anything', () => {
    const ports = (facts.ports ?? []).map(({ number }) => number);
    if (exposed.length > 0) expect(exposed).toEqual(expect.arrayContaining(ports));
    if (exposed.length > 0) expect(ports.length).toBeGreaterThan(0);
  });
});

test('each fact has a source, which is pinned, and a day', () => {
  for (const { source, date } of OfficialImages.facts) {
    expect(source).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+\/blob\/[0-9a-f]{40}\/.*Dockerfile/);
    expect(date).toMatch(/^2026-11-\d{2}$/);
  }
});

test('each source is one of the Dockerfiles that were read, or of another flavour beside one', () => {
  const read = dockerfiles.map(({ file, commit }) => `${file.split(' ')[0]}/blob/${commit}`);
  const unread = OfficialImages.facts.filter(({ source }) => !read.some(each => source.includes(each)));
  expect(unread).toEqual([]);
  expect(OfficialImages.facts.length).toBeGreaterThan(15);
});

test('facts are told in the order of names, and nobody can change them', () => {
  const names = OfficialImages.facts.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  OfficialImages.facts.pop();
  expect(OfficialImages.facts.map(({ name }) => name)).toEqual(names);
});
