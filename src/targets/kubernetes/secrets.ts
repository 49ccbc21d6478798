import type { SecretStoreReference } from './kubernetes-chart';
import { nameLabel } from './labels';
import type { Manifest } from './plain';
import type { Provision } from './provider';
import type { Secret } from '../../model/secret';
import { byText } from '../../private/names';

/** A Secret of the cluster: values of one or more secrets, and what stands beside them. */
interface SecretContent {
  readonly keys: string[];
  readonly data: Record<string, string>;
  readonly labels: Record<string, string>;
}

/** The Secrets that an application refers to. */
export class Secrets {
  private readonly contents = new Map<string, SecretContent>();

  public add({ bundle, key }: Secret, { secretData, secretLabels }: Provision): void {
    const content = this.contents.get(bundle) ?? { keys: [], data: {}, labels: {} };
    content.keys.push(key);
    Object.assign(content.data, secretData);
    Object.assign(content.labels, secretLabels);
    this.contents.set(bundle, content);
  }

  /** What has the External Secrets Operator write them. Without a store they exist; that is what a reference means. */
  public lower(store?: SecretStoreReference): Manifest[] {
    if (!store) return [];
    return [...this.contents].map(([name, { keys, data, labels }]) => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, labels: nameLabel(name) },
      spec: {
        secretStoreRef: { name: store.name, kind: store.clusterWide ? 'ClusterSecretStore' : 'SecretStore' },
        target: { name, template: lowerTemplate(typeOf(keys), data, labels) },
        data: keys.sort(byText).map(key => ({ secretKey: key, remoteRef: { key: name, property: key } })),
      },
    }));
  }
}

/** Some controllers take certificates of no other type. */
function typeOf(keys: string[]): string | undefined {
  return ['tls.crt', 'tls.key'].every(key => keys.includes(key)) ? 'kubernetes.io/tls' : undefined;
}

function lowerTemplate(type: string | undefined, data: Record<string, string>, labels: Record<string, string>): object | undefined {
  const isThere = (values: object) => Object.keys(values).length > 0;
  if (type === undefined && !isThere(data) && !isThere(labels)) return undefined;
  return { type, mergePolicy: 'Merge', metadata: isThere(labels) ? { labels } : undefined, data: isThere(data) ? data : undefined };
}
