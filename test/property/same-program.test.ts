import { ComposeProject, ContainerFacts, KubernetesChart, TestOutput } from 'cdk8s-conduit';
import { build } from './build';
import { forAllApplications } from './synthesis';
import { READERS } from '../../src/contracts/targets/readers';

const TARGETS = [KubernetesChart.target({ namespace: 'prod' }), ComposeProject.target()];

/** What a program can see of where it runs must be the same everywhere. */
function seen({ image, command, args, env, uid, gid, writablePaths, secrets, mounts, files, health, restart }: ContainerFacts) {
  const places = Object.entries(mounts).map(([path, { directory, readOnly }]) => ({ path, directory, readOnly }));
  // texts differ by the target's own values
  return { image, command, args, env, uid, gid, writablePaths, secrets, places, files: Object.keys(files), health, restart };
}

test('a container has the same image, words, variables, user, paths and health check on both targets', () => {
  forAllApplications(description => {
    const application = build(description);
    const views = TARGETS.map(target => READERS[target.name].read(TestOutput.of(application, target)));
    for (const { name, containers, stable, replicas } of description.nodes) {
      for (const container of containers) {
        for (const replica of stable ? [0, replicas - 1] : [0]) {
          const [here, there] = views.map(facts => seen(facts.container(name, container.name, replica)));
          // an init container is restarted with its pod, and not restarted in Compose
          if (container.role === 'init' || containers[0] !== container && container.role !== 'main') here.restart = there.restart;
          expect(here).toEqual(there);
          expect(here.env).toMatchObject(container.env);
        }
      }
    }
  }, 100);
});
