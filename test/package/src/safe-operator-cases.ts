import { Application, BrokeredQueue, IContractCase, KubernetesChart, RabbitMq, TestOutput, Workload } from 'cdk8s-conduit';
import { deepStrictEqual, throws } from 'node:assert';
import { SafeOperator } from './safe-operator';

/** What the chart makes of a shop with a safe. */
function output(namespace?: string): TestOutput {
  const shop = new Application('shop');
  new BrokeredQueue(shop, 'orders', { broker: new RabbitMq(shop, 'broker') }).grantSend(new Workload(shop, 'web', { image: 'registry.example/acme/web:1.0.0' }));
  return TestOutput.of(shop, KubernetesChart.target({ namespace, providers: [new SafeOperator({ safe: 'prod', namespace: 'safes' })] }));
}

const STATEMENTS: Record<string, () => void> = {
  'what it makes is among what the chart makes': () => {
    const entries = output('prod').documents.filter(({ kind }) => kind === 'SafeEntry');
    deepStrictEqual(entries.map(({ spec }) => spec.path), ['shop/orders-web-send']);
  },
  'what it does by other means is in the report': () => {
    const reported = output('prod').fidelity.filter(({ feature }) => feature === 'secret of a safe');
    deepStrictEqual(reported.map(({ path, level }) => [path, level]), [['shop/orders/web-send', 'emulated']]);
  },
  'what it cannot do is refused by the chart': () => {
    throws(() => output(), /^Error: shop\/orders\/web-send: an entry of a safe cannot be had on Kubernetes: .*; set 'namespace' of the KubernetesChart$/);
  },
};

/** What must be true of a `SafeOperator`. */
export const SAFE_OPERATOR_CASES: IContractCase[] = Object.entries(STATEMENTS).map(([statement, check]) => ({ statement, check }));
