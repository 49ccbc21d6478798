/** Kubernetes objects of a chart, by kind and name. */
export class Objects {
  public constructor(public readonly objects: any[]) {}

  /** The object of that kind and name. */
  public find(kind: string, name: string): any {
    const found = this.objects.filter(object => object.kind === kind && nameOf(object) === name);
    if (found.length !== 1) throw new Error(`${found.length} objects are the ${kind} '${name}'; there are ${this.names(kind).join(', ')}`);
    return found[0];
  }

  /** Names of all objects of that kind. */
  public names(kind: string): string[] {
    return this.objects.filter(object => object.kind === kind).map(nameOf);
  }
}

/** What never changes has a hash of its content behind its name. */
export function nameOf({ kind, immutable, metadata: { name } }: any): string {
  return kind === 'ConfigMap' && immutable ? name.replace(/-[0-9a-f]{10}$/, '') : name;
}
