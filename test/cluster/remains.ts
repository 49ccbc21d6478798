import { setTimeout } from 'node:timers/promises';
import { Api, Document, documentsOf } from './api';
import type { Remains } from '../live/deployment';

/** What the cluster puts into each namespace. */
const GIVEN = ['ServiceAccount default', 'ConfigMap kube-root-ca.crt'];

/** As long as the collector may take. */
const COLLECTED_MS = 60_000;

/** Claims that StatefulSets make, and leave behind with the data that they hold. */
export function claimsOf(documents: Document[]): string[] {
  return documents.flatMap(({ object: { metadata, spec } }) => (spec?.volumeClaimTemplates ?? []).flatMap((claim: any) =>
    Array.from({ length: spec.replicas }, (_, ordinal) => `PersistentVolumeClaim ${claim.metadata.name}-${metadata.name}-${ordinal}`)));
}

/** What is in a namespace beside what the cluster puts there, once all is collected that belonged to deleted objects, or after `timeoutMs`. */
async function presentIn(api: Api, namespace: string, expected: string[], timeoutMs: number): Promise<string[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    await setTimeout(1000); // the collector is seldom done earlier, and a look costs some thirty requests
    const present = (await api.list(namespace)).filter(object => !GIVEN.includes(object)).sort();
    if (present.every(object => expected.includes(object)) || Date.now() > deadline) return present;
  }
}

/** What stays beside what is expected. */
export async function leftIn(api: Api, namespace: string, expected: string[], timeoutMs = COLLECTED_MS): Promise<string[]> {
  return (await presentIn(api, namespace, expected, timeoutMs)).filter(object => !expected.includes(object));
}

/** What is in a namespace after the objects of a manifest, which had these secrets, were deleted from it. */
export async function remainsOf(namespace: string, manifest: string, secrets: string[]): Promise<Remains> {
  const api = await Api.open();
  try {
    const kept = [...claimsOf(documentsOf(manifest)), ...secrets.map(name => `Secret ${name}`)];
    const present = await presentIn(api, namespace, kept, COLLECTED_MS);
    return { left: present.filter(object => !kept.includes(object)), lost: kept.filter(object => !present.includes(object)) };
  } finally {
    api.close();
  }
}
