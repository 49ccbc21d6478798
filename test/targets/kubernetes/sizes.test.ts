import { Application, ComposeProject, EnvValue, KubernetesChart, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';

/** A workload of about so many bytes. */
function workloadOf(bytes: number): Application {
  const shop = new Application('shop');
  const env = Object.fromEntries(Array.from({ length: Math.ceil(bytes / 100_000) }, (_, index) => [`V${index}`, EnvValue.literal('x'.repeat(Math.min(100_000, bytes - index * 100_000)))]));
  new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0', env });
  return shop;
}
const chart = (application: Application) => new KubernetesChart(new App(), 'shop', { application });

test.each([[1_040_000, false], [1_050_000, true], [5_000_000, true]])('an object of %i bytes is refused by itself: %s', (bytes, refused) => {
  if (!refused) return expect(() => chart(workloadOf(bytes))).not.toThrow();
  const remedy = 'share out its variables, grants, secrets or connections among several workloads';
  expect(() => chart(workloadOf(bytes))).toThrow(new RegExp(`^shop: Deployment 'web' would have \\d+ bytes, and Kubernetes takes at most 1048576; ${remedy}$`));
  return expect(() => new ComposeProject(workloadOf(bytes))).not.toThrow();
});

test.each([[250_000, false], [262_144, true]])('of an object of %i bytes it is said that kubectl alone does not take it: %s', (bytes, said) => {
  expect(chart(workloadOf(bytes)).fidelity.some(({ path, feature }) => path === 'shop' && feature === 'an object of more than 262,144 bytes')).toBe(said);
});
