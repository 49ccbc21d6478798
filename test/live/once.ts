// A further copy of a workload's main container, for one command.

/** The pod of one, by what a controller makes its pods of. */
export function podForOnce(workload: string, { metadata, spec }: any, [file, ...words]: string[]): any {
  const { name, ...main } = spec.containers.find((container: any) => container.name === mainOf({ metadata }));
  const { 'batch.kubernetes.io/controller-uid': _, ...labels } = metadata.labels; // of a Job, which would take it for its own
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: `${workload}-once-`, labels, annotations: metadata.annotations },
    spec: { ...spec, restartPolicy: 'Never', containers: [{ ...main, name, command: [file], args: words.map(literally) }] },
  };
}

/** A word of which no `$` stands for something else. */
function literally(word: string): string {
  return word.replaceAll('$', () => '$$');
}

/** What a pod's main container is called. */
export function mainOf({ metadata }: any): string {
  return metadata.annotations['kubectl.kubernetes.io/default-container'];
}
