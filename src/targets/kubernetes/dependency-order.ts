import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * The order in which cdk8s writes charts and objects, in linear time: depth first through dependencies, beginning with
 * what nothing depends on. A chart comes after those inside it, and a dependency of a construct is one of each object in it.
 */
export class DependencyOrder {
  public readonly charts: Chart[];
  /** Whether charts depend on each other, so that their files are numbered. */
  public isNumbered = false;

  private readonly dependencies = new Map<IConstruct, Set<IConstruct>>();
  private readonly objects = new Map<IConstruct, ApiObject[]>();

  /** @param all every construct of an app, parents first */
  public constructor(all: IConstruct[]) {
    for (const construct of all) {
      for (const target of construct.node.dependencies) this.add(construct, target);
    }
    for (const chart of all.filter(Chart.isChart)) {
      for (const child of chart.node.children.filter(Chart.isChart)) this.add(chart, child);
    }
    for (const construct of all) {
      for (const target of this.dependencies.get(construct) ?? []) {
        const [from, to] = [Chart.of(construct), Chart.of(target)];
        if (from === to) continue;
        this.add(from, to);
        this.isNumbered = true;
      }
    }
    this.charts = this.sort(all).filter(Chart.isChart);
  }

  /** The objects of a chart, without those of charts inside it. */
  public objectsOf(chart: Chart): ApiObject[] {
    return this.sort(chart.node.findAll()).filter(ApiObject.isApiObject).filter(object => object.chart === chart);
  }

  private add(construct: IConstruct, target: IConstruct): void {
    const targets = this.dependencies.get(construct);
    if (targets) targets.add(target);
    else this.dependencies.set(construct, new Set([target]));
  }

  private sort(scope: IConstruct[]): IConstruct[] {
    if (this.dependencies.size === 0) return scope;
    const inside = new Set(scope);
    const followed = new Set<IConstruct>();
    const needed = new Set(scope.flatMap(construct => [...this.follow(construct, inside, followed)]));
    followed.clear();
    const sorted = new Set<IConstruct>();
    const open = new Set<IConstruct>();
    const stack: { construct: IConstruct; targets: Iterator<IConstruct> }[] = []; // chains may be longer than calls can be deep
    const enter = (construct: IConstruct) => {
      if (sorted.has(construct)) return;
      if (open.has(construct)) throw new Error(`Dependency cycle detected: ${cycle(open, construct)}`);
      open.add(construct);
      stack.push({ construct, targets: this.follow(construct, inside, followed) });
    };
    // whatever is left after those that nothing needs, is on a cycle
    for (const start of [...scope.filter(construct => !needed.has(construct)), ...scope]) {
      enter(start);
      for (let top = stack.at(-1); top; top = stack.at(-1)) {
        const next = top.targets.next();
        if (!next.done) {
          enter(next.value);
        } else {
          stack.pop();
          open.delete(top.construct);
          sorted.add(top.construct);
        }
      }
    }
    return [...sorted];
  }

  /**
   * What a construct depends on within `inside`. For an object that includes the objects in whatever it, or something around it, depends on.
   * Those of one target are followed once for all who depend on it: `followed` lists these targets.
   */
  private *follow(construct: IConstruct, inside: Set<IConstruct>, followed: Set<IConstruct>): Generator<IConstruct> {
    for (const target of this.dependencies.get(construct) ?? []) {
      if (inside.has(target)) yield target;
    }
    if (!ApiObject.isApiObject(construct)) return;
    const { scopes } = construct.node;
    for (const target of scopes.slice(scopes.indexOf(construct.chart)).flatMap(scope => [...this.dependencies.get(scope) ?? []])) {
      if (!inside.has(target) || followed.has(target)) continue;
      const objects = this.objectsIn(target);
      yield* objects.filter(object => object !== construct);
      if (!objects.includes(construct)) followed.add(target);
    }
  }

  private objectsIn(target: IConstruct): ApiObject[] {
    const known = this.objects.get(target);
    if (known) return known;
    const chart = Chart.of(target);
    const found = target.node.findAll().filter(ApiObject.isApiObject).filter(object => object.chart === chart);
    this.objects.set(target, found);
    return found;
  }
}

function cycle(open: Set<IConstruct>, construct: IConstruct): string {
  const path = [...open];
  return [...path.slice(path.indexOf(construct)), construct].map(({ node }) => node.path).join(' => ');
}
