import { selectorLabels } from './labels';
import { requireNamespace } from './namespace';
import type { Manifest } from './plain';
import type { Caller, IProvider, IProviderContext, ProvidedPods, Provision } from './provider';
import type { Application } from '../../model/application';
import type { Primitive } from '../../model/primitive';
import type { WorkloadBase } from '../../model/workload-base';
import { placeOf } from '../../private/place';
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
  /** Providers that make something, and those that would make what another one makes, with such a primitive. */
  private readonly makers = new Set<number>();
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
    if (!known) throw new Error(`${placeOf(primitive.node.path)}: the labels of its pods are asked for by whoever is to say them; leave out one of the providers`);
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

  /** Who connects to a workload from outside the application, but in the cluster; known when every primitive was asked for. */
  public callersOf(workload: WorkloadBase): Caller[] {
    return this.callers.get(workload) ?? [];
  }

  /** @throws if a provider gave what cannot be used, or is not needed; all such problems together. */
  public throwIfWrong(): void {
    for (const [index, path] of this.late) {
      this.problems.check(this.makers.has(index), `provider ${index + 1} makes nothing that those before it do not make, such as ${path}; leave out one of them`);
    }
    this.problems.throwIfAny();
  }

  private ask(primitive: Primitive): Provision {
    let maker: Provision | undefined;
    const answers: Provision[] = [];
    for (const [index, provider] of this.providers.entries()) {
      const answer = provider.provide(primitive, this.context);
      if (!answer) continue;
      if (makes(answer) && maker) {
        this.late.set(index, this.late.get(index) ?? primitive.node.path);
        continue;
      }
      if (makes(answer)) {
        this.makers.add(index);
        maker = answer;
      }
      answers.push(answer);
    }
    if (answers.length === 0) return NOTHING;
    const { path } = primitive.node;
    const provision = { ...maker, ...addedUp(answers) };
    for (const manifest of provision.manifests ?? []) {
      this.problems.check(isManifest(manifest), `what is made in the place of ${path} must have 'apiVersion', 'kind' and 'metadata.name', got ${JSON.stringify(manifest)}`);
    }
    for (const caller of provision.callers) this.addCaller(path, caller);
    return provision;
  }

  private addCaller(path: string, caller: Caller): void {
    const { workload, namespaceName } = caller;
    this.problems.check(workload.application === this.application, `who connects because of ${path} connects to ${workload.node.path}, which belongs to another application; give the provider to the chart of that one`);
    requireNamespace(path, namespaceName, 'namespaceName');
    const known = this.callers.get(workload);
    if (known) known.push(caller);
    else this.callers.set(workload, [caller]);
  }
}

/** Whether an answer is more than an addition. */
function makes({ manifests, pods, text, completionCheck }: Provision): boolean {
  return [manifests, pods, text, completionCheck].some(each => each !== undefined);
}

/** What all answers add; of two that say the same, the first counts. */
function addedUp(answers: Provision[]) {
  const late = [...answers].reverse();
  return {
    secretData: Object.assign({}, ...late.map(({ secretData }) => secretData)),
    secretLabels: Object.assign({}, ...late.map(({ secretLabels }) => secretLabels)),
    callers: answers.flatMap(({ callers = [] }) => callers),
    deviations: answers.flatMap(({ deviations = [] }) => deviations),
  };
}

function isManifest(value: any): value is Manifest {
  return typeof value?.apiVersion === 'string' && typeof value.kind === 'string' && typeof value.metadata?.name === 'string';
}
