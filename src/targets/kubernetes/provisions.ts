import { selectorLabels } from './labels';
import { requireNamespace } from './namespace';
import type { Manifest } from './plain';
import type { Caller, IProvider, IProviderContext, ProvidedPods, Provision } from './provider';
import type { Application } from '../../model/application';
import type { Primitive } from '../../model/primitive';
import type { WorkloadBase } from '../../model/workload-base';
import { Problems } from '../../private/problems';

/** What the chart knows of its cluster. */
export type ClusterFacts = Omit<IProviderContext, 'podLabelsOf'>;

/** Nothing is made in the chart's place. */
const NOTHING: Provision = {};

/** What providers make of an application. Each is asked once for each primitive. */
export class Provisions {
  /** Undefined while providers are asked. */
  private readonly known = new Map<Primitive, Provision | undefined>();
  private readonly callers = new Map<WorkloadBase, Caller[]>();
  /** Providers that are needed, and those whose answer came second, with what they answered to. */
  private readonly needed = new Set<number>();
  private readonly late = new Map<number, string>();
  private readonly context: IProviderContext;
  private readonly problems: Problems;

  public constructor(private readonly application: Application, private readonly providers: IProvider[], facts: ClusterFacts) {
    this.context = { ...facts, podLabelsOf: workload => this.podLabelsOf(workload) };
    this.problems = new Problems(application.name);
  }

  /** What is made in the primitive's place. */
  public of(primitive: Primitive): Provision {
    if (!this.known.has(primitive)) {
      this.known.set(primitive, undefined);
      this.known.set(primitive, this.ask(primitive));
    }
    const known = this.known.get(primitive);
    if (!known) throw new Error(`${primitive.node.path}: the labels of its pods are asked for by whoever is to say them; leave out one of the providers`);
    return known;
  }

  /** Pods that somebody else makes; undefined where the chart does, or nobody. */
  public podsOf(workload: WorkloadBase): ProvidedPods | undefined {
    return this.of(workload).pods;
  }

  /** Whether somebody else makes a workload or task, pods or whatever does its work. */
  public isProvided(workload: WorkloadBase): boolean {
    const { manifests, pods } = this.of(workload);
    return manifests !== undefined || pods !== undefined;
  }

  /** Labels that select the pods of a workload or task, whoever makes them; undefined if it has none. */
  public podLabelsOf(workload: WorkloadBase): Record<string, string> | undefined {
    return this.podsOf(workload)?.labels ?? (this.isProvided(workload) ? undefined : selectorLabels(workload));
  }

  /** Who connects to a workload from elsewhere in the cluster; known when every primitive was asked for. */
  public callersOf(workload: WorkloadBase): Caller[] {
    return this.callers.get(workload) ?? [];
  }

  /** @throws if a provider gave what cannot be used, or is not needed; all such problems together. */
  public throwIfWrong(): void {
    for (const [index, path] of this.late) {
      this.problems.require(this.needed.has(index), `provider ${index + 1} makes nothing that those before it do not make, such as ${path}; leave out one of them`);
    }
    this.problems.throwIfAny();
  }

  private ask(primitive: Primitive): Provision {
    const { path } = primitive.node;
    let first: Provision | undefined;
    this.providers.forEach((provider, index) => {
      const answer = provider.provide(primitive, this.context);
      if (answer && first) {
        if (!this.late.has(index)) this.late.set(index, path);
        return;
      }
      if (answer) this.needed.add(index);
      first ??= answer;
      for (const caller of provider.callersOf(primitive)) this.addCaller(path, caller);
    });
    for (const manifest of first?.manifests ?? []) {
      this.problems.require(isManifest(manifest), `what is made in the place of ${path} must have 'apiVersion', 'kind' and 'metadata.name', got ${JSON.stringify(manifest)}`);
    }
    return first ?? NOTHING;
  }

  private addCaller(path: string, caller: Caller): void {
    const { workload, namespaceName } = caller;
    this.problems.require(workload.application === this.application, `who connects because of ${path} connects to ${workload.node.path}, which belongs to another application; give the provider to the chart of that one`);
    requireNamespace(path, namespaceName, 'namespaceName');
    const known = this.callers.get(workload);
    if (known) known.push(caller);
    else this.callers.set(workload, [caller]);
  }
}

function isManifest(value: any): value is Manifest {
  return typeof value?.apiVersion === 'string' && typeof value.kind === 'string' && typeof value.metadata?.name === 'string';
}
