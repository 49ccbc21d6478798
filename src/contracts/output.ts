import type { Application } from '../model/application';
import { Workload } from '../model/workload';
import { withinLimit } from '../private/hash';
import { byText } from '../private/names';
import { ComposeProject } from '../targets/compose/compose-project';
import { KubernetesChart } from '../targets/kubernetes/kubernetes-chart';
import { TestOutput } from '../test-output';

/** A container, as a target's output describes it. */
export interface Program {
  /** Name of the workload or task that it belongs to. */
  readonly workload: string;
  /** Variables with a text. */
  readonly env: Record<string, string>;
  /** Names of secrets, by the variables that hold their values. */
  readonly secretValues: Record<string, string>;
  /** Names of secrets, by the paths of their files. */
  readonly secretFiles: Record<string, string>;
  /** Names of the workloads and tasks that it starts after. */
  readonly startsAfter: string[];
}

/** What one target makes of an application. */
export interface Output {
  readonly target: string;
  /** All of it. */
  readonly text: string;
  readonly programs: Program[];
  /** Names of the workloads to or from which the network of a workload is open; `outside` for what is no workload. */
  peersOf(workload: string): string[];
}

/** What both targets make of an application. */
export function outputsOf(application: Application): Output[] {
  return [new KubernetesOutput(TestOutput.of(application, KubernetesChart.target()).documents), new ComposeOutput(application)];
}

const NAME = 'app.kubernetes.io/name';

class KubernetesOutput implements Output {
  public readonly target = 'Kubernetes';

  public constructor(private readonly objects: any[]) {}

  public get text(): string {
    return JSON.stringify(this.objects);
  }

  public get programs(): Program[] {
    return this.controllers().flatMap(({ template }) => {
      const workload = template.metadata.labels[NAME];
      const { containers, initContainers = [], volumes = [] } = template.spec;
      const startsAfter = initContainers.flatMap((container: any) => this.awaitedBy(container));
      return [...initContainers, ...containers].filter(({ name }: any) => !name.startsWith('conduit-')).map(({ env = [], volumeMounts = [] }: any) => ({
        workload,
        env: Object.fromEntries(env.filter(({ value }: any) => value !== undefined).map(({ name, value }: any) => [name, value.replaceAll('$$', '$')])),
        secretValues: Object.fromEntries(env.filter(({ valueFrom }: any) => valueFrom).map(({ name, valueFrom }: any) => [name, valueFrom.secretKeyRef.name])),
        secretFiles: Object.fromEntries(volumeMounts.flatMap((mount: any) => filesOf(mount, volumes.find(({ name }: any) => name === mount.name)))),
        startsAfter,
      }));
    });
  }

  public peersOf(workload: string): string[] {
    const policies = this.objects.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.podSelector.matchLabels[NAME] === workload);
    const peers = policies.flatMap(({ spec: { ingress = [], egress = [] } }) => [...ingress, ...egress]).flatMap(({ from, to }) => from ?? to)
      .filter(({ namespaceSelector }) => !namespaceSelector) // DNS
      .map(({ podSelector }) => podSelector ? podSelector.matchLabels[NAME] : 'outside');
    return distinct(peers, workload);
  }

  private controllers(): any[] {
    return this.objects.map(({ spec }) => spec).filter(spec => spec?.template);
  }

  private awaitedBy({ name, command }: any): string[] {
    if (name === 'conduit-wait') return command.slice(4).join(' ').split(' ').flatMap((address: string) => address.split(':')[0].split('.'));
    return this.controllers().map(({ template }) => template.metadata.labels[NAME]).filter(workload => withinLimit(`conduit-await-${workload}`) === name);
  }
}

function filesOf({ mountPath }: any, volume: any): [string, string][] {
  return (volume?.projected?.sources ?? []).flatMap(({ secret }: any) => secret.items.map(({ path }: any) => [`${mountPath}/${path}`, secret.name]));
}

class ComposeOutput implements Output {
  public readonly target = 'Compose';

  private readonly compose: any;
  /** Workloads by the names of their members. */
  private readonly members: Map<string, string>;

  public constructor(application: Application) {
    this.compose = TestOutput.of(application, ComposeProject.target()).document;
    const workloads = application.node.findAll().filter(construct => construct instanceof Workload);
    this.members = new Map(workloads.flatMap(({ name, memberNames }) => memberNames.map(member => [member, name])));
  }

  public get text(): string {
    return JSON.stringify(this.compose);
  }

  public get programs(): Program[] {
    return this.services().map(([name, { environment = {}, secrets = [], depends_on = {} }]) => {
      const variables = Object.entries<string>(environment);
      const secretIn = (value: string) => this.compose['x-conduit']?.secrets.find((secret: any) => value.startsWith(`\${${secret.variable}:`))?.name;
      return {
        workload: this.workloadOf(name),
        env: Object.fromEntries(variables.filter(([, value]) => !secretIn(value)).map(([variable, value]) => [variable, value.replaceAll('$$', '$')])),
        secretValues: Object.fromEntries(variables.filter(([, value]) => secretIn(value)).map(([variable, value]) => [variable, secretIn(value)])),
        secretFiles: Object.fromEntries(secrets.map((secret: string) => [`/run/secrets/${secret}`, secret])),
        startsAfter: Object.entries<any>(depends_on).filter(([, { condition }]) => condition !== 'service_started').map(([other]) => this.workloadOf(other)),
      };
    });
  }

  public peersOf(workload: string): string[] {
    const own = this.services().filter(([name]) => this.workloadOf(name) === workload).flatMap(([, { networks = {} }]) => Object.keys(networks));
    const peers = this.services().filter(([, { networks = {} }]) => own.some(network => network in networks)).map(([name]) => this.workloadOf(name));
    return distinct([...peers, ...own.filter(network => !this.compose.networks[network].internal).map(() => 'outside')], workload);
  }

  private services(): [string, any][] {
    return Object.entries<any>(this.compose.services);
  }

  private workloadOf(service: string): string {
    const [unit] = service.split('_');
    return this.members.get(unit) ?? unit;
  }
}

function distinct(peers: string[], self: string): string[] {
  return [...new Set(peers)].filter(peer => peer !== self).sort(byText);
}
