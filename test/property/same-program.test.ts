import { build } from './build';
import { forAllApplications } from './synthesis';
import { viewCompose } from '../contracts/compose-view';
import type { ContainerFacts } from '../contracts/facts';
import { viewKubernetes } from '../contracts/kubernetes-view';

/** What a program can see of where it runs must be the same everywhere. */
function seen({ image, command, args, env, user, writablePaths, secrets, mounts, files, health, restart }: ContainerFacts) {
  const places = Object.entries(mounts).map(([path, { directory, readOnly }]) => ({ path, directory, readOnly }));
  // texts differ by the target's own values
  return { image, command, args, env, user, writablePaths, secrets, places, files: Object.keys(files), health, restart };
}

test('a container has the same image, words, variables, user, paths and health check on both targets', () => {
  forAllApplications(description => {
    const application = build(description);
    const [kubernetes, compose] = [viewKubernetes(application), viewCompose(application)];
    for (const { name, containers, stable, replicas } of description.nodes) {
      for (const container of containers) {
        for (const replica of stable ? [0, replicas - 1] : [0]) {
          const [here, there] = [kubernetes, compose].map(facts => seen(facts.container(name, container.name, replica)));
          // an init container is restarted with its pod, and not restarted in Compose
          if (container.role === 'init' || containers[0] !== container && container.role !== 'main') here.restart = there.restart;
          expect(here).toEqual(there);
          expect(here.env).toMatchObject(container.env);
        }
      }
    }
  }, 100);
});
