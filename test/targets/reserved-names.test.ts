// Names that a platform gives to something of its own, so that a program which takes one would change that, or reach it.
import { Application, ComposeProject, DiscoverableService, KubernetesChart, Task, Workload } from 'cdk8s-conduit';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

/** What each target says to an application; undefined if it takes it. */
function answers(application: Application): { kubernetes?: string; compose?: string } {
  const answerOf = (lower: () => unknown) => {
    try {
      lower();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { kubernetes: answerOf(() => KubernetesChart.target().render(application)), compose: answerOf(() => ComposeProject.target().render(application)) };
}

/** A server of that name, and a client of it. */
function shopWith(name: string): Application {
  const shop = new Application('shop');
  const server = new DiscoverableService(shop, 'Server', { name, image: IMAGE, port: 8080 });
  new Workload(shop, 'web', { image: IMAGE }).connectTo(server.endpoint());
  return shop;
}

test.each(['localhost', 'ip6-localhost', 'ip6-loopback', 'ip6-localnet', 'ip6-mcastprefix', 'ip6-allnodes', 'ip6-allrouters'])(
  'nothing that runs may be called %s, by which every container knows itself', name => {
    const shop = new Application('shop');
    const message = `by the name '${name}' every container reaches itself, or its neighbours; choose another id or set 'name'`;
    expect(wholeProgram(() => new Workload(shop, name, { image: IMAGE }))).toThrow(`shop/${name}: ${message}`);
    expect(wholeProgram(() => new Task(shop, 'task', { name, image: IMAGE }))).toThrow(`shop/task: ${message}`);
  },
);

test('a workload cannot take the name of the API server', () => {
  expect(answers(shopWith('kubernetes'))).toEqual({
    kubernetes: 'shop/Server: a workload with the name `kubernetes` cannot be had on Kubernetes: the Service of that name in the namespace `default` leads to the API server, '
      + "and would be changed; choose another id or set 'name'",
  });
});

test('an application cannot take the name of the account that all pods have', () => {
  const application = new Application('default');
  new Workload(application, 'web', { image: IMAGE });
  expect(answers(application)).toEqual({
    kubernetes: 'default: an application with the name `default` cannot be had on Kubernetes: each namespace has a ServiceAccount of that name for whatever names none, '
      + 'and it would be changed; choose another name',
  });
});

test('nothing that runs may have a name that Compose takes for an extension', () => {
  const refusal = 'a name that begins with `x-` cannot be had on Compose: the networks of a workload begin with its name, and Compose takes what begins so for an extension of the file; '
    + "choose another id or set 'name'";
  expect(answers(shopWith('x-server'))).toEqual({ compose: `shop/Server: ${refusal}` });
  const shop = shopWith('server');
  new Task(shop, 'x-task', { image: IMAGE });
  expect(answers(shop)).toEqual({ compose: `shop/x-task: ${refusal}` });
});

test.each(['kubernetes-1', 'default', 'x', 'xx-server', 'localhost-1', 'ip6', 'host', 'none', 'bridge'])('a workload may be called %s', name => {
  expect(answers(shopWith(name))).toEqual({});
});
