import * as fc from 'fast-check';
import { applications } from './applications';
import { build, Order, shuffled } from './build';
import type { Description } from './description';
import { forAllApplications, Synthesis } from './synthesis';

/** Both outputs as text; fields stand in it in the order in which they are written. */
function bytes(description: Description, order?: Order): string {
  const { objects, composeFile } = new Synthesis(description, order);
  return `${JSON.stringify(objects, null, 1)}\n${composeFile}`;
}

test('the same program gives the same bytes on both targets, in whatever order it defines things', () => {
  forAllApplications(description => {
    const first = bytes(description);
    expect(bytes(description)).toBe(first);
    expect(bytes(description, shuffled(1))).toBe(first);
  });
});

test('the generator makes valid applications that use every feature', () => {
  const samples = fc.sample(applications, { seed: 1, numRuns: 300 });
  for (const description of samples) build(description).check();
  const share = (uses: (description: typeof samples[number]) => boolean) => samples.filter(uses).length / samples.length;
  expect(share(({ nodes }) => nodes.length >= 6)).toBeGreaterThan(0.2);
  expect(share(({ edges }) => edges.length >= 2)).toBeGreaterThan(0.3);
  expect(share(({ edges }) => edges.some(edge => edge.waits))).toBeGreaterThan(0.1);
  expect(share(({ edges }) => edges.some(edge => edge.to.port.udp))).toBeGreaterThan(0.1);
  expect(share(({ edges }) => edges.some(edge => edge.to.member !== undefined))).toBeGreaterThan(0.05);
  for (const kind of ['workload', 'service', 'pair', 'task']) expect(share(({ nodes }) => nodes.some(node => node.kind === kind))).toBeGreaterThan(0.3);
  for (const placement of ['scratch', 'one machine', 'many machines', 'per member']) {
    expect(share(({ volumes }) => volumes.some(volume => volume.placement === placement))).toBeGreaterThan(0.05);
  }
  for (const kind of ['logs', 'files', 'seed']) expect(share(({ shared }) => shared.some(each => each.kind === kind))).toBeGreaterThan(0.1);
  expect(share(({ taskWaits }) => taskWaits.length > 0)).toBeGreaterThan(0.03);
  expect(share(({ queues }) => queues.some(queue => queue.grants.length > 0))).toBeGreaterThan(0.3);
  expect(share(({ outside }) => outside.length > 1)).toBeGreaterThan(0.3);
});
