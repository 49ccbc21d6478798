import { setTimeout } from 'node:timers/promises';
import { Api, Document, documentsOf } from './api';
import type { Remains } from '../live/deployment';

/** What the cluster puts into each namespace. */
const GIVEN = ['ServiceAccount default', 'ConfigMap kube-root-ca.crt'];

/** Claims that StatefulSets make, and leave behind with the data that they hold. */
export function claimsOf(documents: Document[]): string[] {
  return documents.flatMap(({ object: { metadata, spec } }) => (spec?.volumeClaimTemplates ?? []).flatMap((claim: any) =>
    Array.from({ length: spec.replicas }, (_, ordinal) => `PersistentVolumeClaim ${claim.metadata.name}-${metadata.name}-${ordinal}`)));
}

/** What stays in a namespace once all is collected that belonged to deleted objects, or after `timeoutMs`, beside what is expected. */
export async function leftIn(api: Api, namespace: string, expected: string[], timeoutMs = 60_000): Promise<string[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    await setTimeout(1000); // the collector is seldom done earlier, and a look costs some thirty requests
    const left = (await api.list(namespace)).filter(object => ![...GIVEN, ...expected].includes(object)).sort();
    if (left.length === 0 || Date.now() > deadline) return left;
  }
}

/** What is in a namespace after the objects of a manifest, which had these secrets, were deleted from it. */
export async function remainsOf(namespace: string, manifest: string, secrets: string[]): Promise<Remains> {
  const api = await Api.open();
  try {
    const kept = [...claimsOf(documentsOf(manifest)), ...secrets.map(name => `Secret ${name}`)];
    const left = await leftIn(api, namespace, kept);
    const present = await api.list(namespace);
    return { left, lost: kept.filter(object => !present.includes(object)) };
  } finally {
    api.close();
  }
}
