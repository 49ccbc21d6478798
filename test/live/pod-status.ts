// What the API server tells of a pod.

/** Containers that go on running: native sidecars are init containers that do. */
export function statusesOf({ spec, status }: any): any[] {
  const running = [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }: any) => restartPolicy === 'Always')].map(({ name }) => name);
  return [...status.containerStatuses ?? [], ...status.initContainerStatuses ?? []].filter(({ name }) => running.includes(name));
}

export function statusOf(pod: any, container: string): any {
  const status = pod && statusesOf(pod).find(({ name }) => name === container);
  if (!status) throw new Error(`there is no container ${container}`);
  return status;
}

export function isReady({ metadata, status }: any): boolean {
  return !metadata.deletionTimestamp && (status.conditions ?? []).some(({ type, status: value }: any) => type === 'Ready' && value === 'True');
}
