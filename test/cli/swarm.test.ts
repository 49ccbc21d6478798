import { Application, ComposeProject, Secret, SwarmStack, Volume, Workload } from 'cdk8s-conduit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { createSecrets } from '../../src/cli/secrets';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'conduit-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const directory = () => join(folder, 'swarm');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

/** Writes a stack with one secret and one volume. */
function save(): Application {
  const shop = new Application('shop');
  const { main } = new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0' });
  main.mountSecret(new Secret(shop, 'session-key'));
  main.mountVolume(new Volume(shop, 'data', { persistent: true }), '/data');
  new SwarmStack(shop, { directory: directory(), secretsDirectory: '../secrets' }).save();
  return shop;
}

/** What the command prints. */
function createAll(): string[] {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation(line => { lines.push(...line.split('\n')); });
  try {
    createSecrets(directory(), folder);
  } finally {
    log.mockRestore();
  }
  return lines;
}

test('a secret of a swarm is named by its value, which the commands and a variable of the stack say', () => {
  save();
  const lines = createAll();
  const [, name] = /^CONDUIT_SECRET_SESSION_KEY="(.+)"$/m.exec(read('swarm/.env'))!;
  expect(name).toMatch(/^shop_session-key_[0-9a-f]{10}$/);
  expect(lines).toContain(`docker secret inspect ${name} >/dev/null 2>&1 || docker secret create ${name} secrets/session-key`);
  expect(lines).toContain('docker node update --label-add conduit.shop.data=true NODE   # the node that has this volume');
  expect(lines[lines.length - 1]).toBe(`(set -a; . ${directory()}/.env; docker stack deploy --prune -c ${directory()}/stack.yml shop)`);
  expect(read('swarm/.env')).not.toContain(read('secrets/session-key'));
});

test('the name stays with the value, and another value has another name', () => {
  save();
  createAll();
  const first = read('swarm/.env');
  createAll();
  expect(read('swarm/.env')).toBe(first);
  rmSync(join(folder, 'secrets/session-key'));
  createAll();
  expect(read('swarm/.env')).not.toBe(first);
});

test('a Compose file beside a stack file is refused, as both have variables there', () => {
  new ComposeProject(save(), { directory: directory(), secretsDirectory: '../secrets' }).save();
  expect(createAll).toThrow("there are compose.yml and stack.yml in '");
});

test('a stack that somebody else wrote is refused', () => {
  save();
  writeFileSync(join(directory(), 'stack.yml'), read('swarm/stack.yml').replace('stack: "shop"', 'stack: "shop; reboot"'));
  expect(createAll).toThrow('is not as a SwarmStack writes it: {"stack":"shop; reboot"');
});
