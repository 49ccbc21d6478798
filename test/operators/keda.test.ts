import { Application, Backlog, Endpoint, IProvider, Keda, Secret, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

/** A worker whose backlog is read where the application runs nothing. */
function scaled(backlog: Backlog, id = 'worker') {
  const password = new Secret(shop, `${id}-password`);
  const endpoint = Endpoint.external('mail.example.com', 7000, { scheme: 'letters' });
  return new Workload(shop, id, { image: 'registry.example/acme/app:1.0' }).scaleBy({ backlog, targetBacklog: 7, endpoint, userName: id, password }, { max: 3 });
}

const lower = (providers: IProvider[] = [new Keda()]) => new Both(shop, { providers });

test('KEDA reads what others run by the address that all know, and needs no namespace for it', () => {
  scaled({ protocol: 'amqp', values: { queue: 'orders' } });
  const lowered = lower();
  expect(lowered.find('ScaledObject', 'worker').spec.triggers).toEqual([{
    type: 'rabbitmq',
    metadata: { protocol: 'amqp', host: 'letters://mail.example.com:7000/', queueName: 'orders', mode: 'QueueLength', value: '7' },
    authenticationRef: { name: 'worker-password' },
  }]);
  expect(lowered.objects.filter(({ kind, spec }) => kind === 'NetworkPolicy' && JSON.stringify(spec).includes('keda'))).toEqual([]);
  expect(lowered.service('worker').deploy.replicas).toBeUndefined();
});

test.each(['letters', 'constructor'])('a backlog that is read by %s is left to other providers, or refused', protocol => {
  const scaling = scaled({ protocol, values: { queue: 'orders' } });
  expect(() => lower()).toThrow('shop/worker/Scaling: replicas that follow a backlog cannot be had on Kubernetes: nothing of Kubernetes itself reads a backlog, and no provider');
  const thing = { apiVersion: 'things.example/v1', kind: 'Thing', metadata: { name: 'worker' } };
  const other: IProvider = { provide: primitive => primitive === scaling ? { manifests: [thing] } : undefined };
  expect(lower([new Keda(), other]).names('Thing')).toEqual(['worker']);
});

test('a broker that leaves out what KEDA has to know is told', () => {
  scaled({ protocol: 'kafka', values: { topic: 'orders' } });
  expect(() => lower()).toThrow("shop/worker/Scaling: a backlog that is read by 'kafka' needs the value 'group', got {\"topic\":\"orders\"}; have the broker say it");
});

test('a provider before KEDA scales what it wants to', () => {
  const own = scaled({ protocol: 'amqp', values: { queue: 'a' } }, 'own');
  scaled({ protocol: 'amqp', values: { queue: 'b' } }, 'other');
  const provider: IProvider = { provide: primitive => primitive === own ? { manifests: [] } : undefined };
  expect(lower([provider, new Keda()]).names('ScaledObject')).toEqual(['other']);
});
