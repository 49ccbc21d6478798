import { Application, ComposeProject, ComposeProjectProps, DiscoverableService, Endpoint, TestOutput, Workload } from 'cdk8s-conduit';
import * as fc from 'fast-check';
import { allocateSubnets, defaultBlock } from '../../../src/targets/compose/subnets';

/** Services `a`, `b`, … and the edges between them, such as `ab`. */
function shopOf(edges: string[], replicas = 1): Application {
  const shop = new Application('shop');
  const services = new Map<string, DiscoverableService>();
  for (const id of [...new Set(edges.join(''))]) services.set(id, new DiscoverableService(shop, id, { image: 'registry.example/acme/app:1.0', port: 8080, replicas }));
  for (const [from, to] of edges) services.get(from)!.connectTo(services.get(to)!.endpoint(), { waits: false });
  return shop;
}

/** Subnets by the name of their network. */
function subnets(application: Application, props: ComposeProjectProps = {}): Record<string, string> {
  const networks: Record<string, any> = TestOutput.of(application, ComposeProject.target(props)).document.networks;
  return Object.fromEntries(Object.entries(networks).map(([name, { ipam }]) => [name, ipam.config[0].subnet]));
}

/** First and last address of a subnet as numbers. */
function range(subnet: string): [number, number] {
  const [address, prefix] = subnet.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

function expectDisjoint(ranges: string[]): void {
  const sorted = ranges.map(range).sort(([a], [b]) => a - b);
  sorted.slice(1).forEach(([first], index) => expect(first).toBeGreaterThan(sorted[index][1]));
}

test('each network has a small subnet of its own', () => {
  const all = Object.values(subnets(shopOf(['ab', 'ac', 'bc', 'cd'])));
  expect(all).toHaveLength(4);
  for (const subnet of all) expect(subnet).toMatch(/^10\.\d+\.\d+\.\d+\/28$/);
  expectDisjoint(all);
});

test('a subnet stays when edges are added', () => {
  const before = subnets(shopOf(['ab', 'bc']));
  const after = subnets(shopOf(['cd', 'ab', 'ae', 'bc', 'ed']));
  expect(after).toMatchObject(before);
  expect(Object.keys(after)).toHaveLength(5);
});

test('two projects on one machine have blocks of their own, by their names', () => {
  const [shop, other] = ['shop', 'staging'].map(projectName => Object.values(subnets(shopOf(['ab', 'ac']), { projectName })));
  for (const subnet of shop) expect(other).not.toContain(subnet);
  expect(subnets(shopOf(['ab']), { projectName: 'shop' })).toEqual(subnets(shopOf(['ab'])));
});

test('the block can be told', () => {
  const [subnet] = Object.values(subnets(shopOf(['ab']), { networkBlock: '192.168.64.0/24' }));
  expect(subnet).toMatch(/^192\.168\.64\.\d+\/28$/);
  const [first, last] = range(subnet);
  expect([first >= range('192.168.64.0/24')[0], last <= range('192.168.64.0/24')[1]]).toEqual([true, true]);
  expect(Object.values(subnets(shopOf(['ab']), { networkBlock: '172.30.0.16/28' }))).toEqual(['172.30.0.16/28']);
});

test.each([[1, '/28'], [3, '/28'], [4, '/24'], [100, '/24'], [200, '/20']])('for %i replicas at both ends there is room in a %s', (replicas, prefix) => {
  const [subnet] = Object.values(subnets(shopOf(['ab'], replicas)));
  expect(subnet.endsWith(prefix)).toBe(true);
  const [first, last] = range(subnet);
  // every container of both ends, the gateway, the network's own address and the broadcast address
  expect(last - first + 1).toBeGreaterThanOrEqual(2 * replicas + 3);
});

test.each([[1, 2], [4, 5], [9, 10], [10, 11], [240, 250], [400, 490]])('there is room for four more containers than %i and %i', (a, b) => {
  const [subnet] = allocateSubnets('shop', '10.16.0.0/12', [{ network: 'n', containers: a + b }]).values();
  const [first, last] = range(subnet);
  expect(last - first + 1 - 3).toBeGreaterThanOrEqual(a + b + 4);
});

test('more containers than a network can have are refused', () => {
  expect(() => subnets(shopOf(['ab', 'ac'], 500))).toThrow(new Error(
    "compose project 'shop': a network has at most 1000 containers, more on 'a_b' (1002), 'a_c' (1002); use fewer replicas"));
  expect(() => subnets(shopOf(['ab'], 499))).not.toThrow();
});

test('a block can be used up to the last place, and no further', () => {
  const requests = Array.from({ length: 16 }, (_, index) => ({ network: `n${index}`, containers: 2 }));
  const found = [...allocateSubnets('shop', '10.9.8.0/24', requests).values()];
  expect(new Set(found).size).toBe(16);
  expectDisjoint(found);
  expect(() => allocateSubnets('shop', '10.9.8.0/24', [...requests, { network: 'n16', containers: 2 }])).toThrow('has no room for 17 networks');
});

test('subnets of all sizes lie in the block, apart from each other, in whatever order they are asked for', () => {
  const requests = fc.uniqueArray(fc.record({ network: fc.stringMatching(/^[a-z]{1,3}_[a-z]{1,3}$/), containers: fc.integer({ min: 2, max: 300 }) }),
    { selector: ({ network }) => network, maxLength: 40 });
  fc.assert(fc.property(requests, fc.constantFrom('10.16.0.0/12', '192.168.0.0/16'), (asked, block) => {
    const found = allocateSubnets('shop', block, asked);
    expectDisjoint([...found.values()]);
    for (const [first, last] of [...found.values()].map(range)) {
      expect(first).toBeGreaterThanOrEqual(range(block)[0]);
      expect(last).toBeLessThanOrEqual(range(block)[1]);
    }
    expect(allocateSubnets('shop', block, [...asked].reverse())).toEqual(found);
  }));
});

test('the usual blocks are twelve-bit blocks of 10.0.0.0/8, and not the first', () => {
  const blocks = new Set(Array.from({ length: 500 }, (_, index) => defaultBlock(`project-${index}`)));
  expect([...blocks].sort()).toEqual(Array.from({ length: 15 }, (_, index) => `10.${16 * (index + 1)}.0.0/12`).sort());
});

test('ways out have subnets, too', () => {
  const shop = new Application('shop');
  new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0' }).connectTo(Endpoint.external('db.example', 5432));
  expect(Object.keys(subnets(shop))).toEqual(['web_outside']);
});
