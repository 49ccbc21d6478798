import type { IProgramFacts } from './program-facts';
import { READERS } from './targets/readers';
import type { Application } from '../model/application';
import { Protocol } from '../model/endpoint';
import { WorkloadBase } from '../model/workload-base';
import { byText } from '../private/names';
import { Targets } from '../targets/targets';
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
  /** Names of the workloads and tasks that it starts after; undefined where nothing is started after anything. */
  readonly startsAfter?: string[];
}

/** What each target by which programs run makes of an application, unless it is one that does not take everything and refuses it. */
export function outputsOf(application: Application): Output[] {
  const running = Targets.all.filter(({ runs }) => runs).map(({ name }) => name);
  return TestOutput.all(application).filter(({ target }) => running.includes(target)).map(output => new Output(application, output));
}

const SECRET = 'secret:';

/** An address and port outside that nobody declared. */
const ANYWHERE = { address: '8.8.8.8', port: 443, protocol: Protocol.TCP };

/** What one target makes of an application. */
export class Output {
  /** Name of the target. */
  public readonly target: string;
  /** All of it. */
  public readonly text: string;

  private readonly facts: IProgramFacts;
  private readonly workloads: WorkloadBase[];

  public constructor(application: Application, output: TestOutput) {
    this.target = output.target;
    this.text = JSON.stringify(output.files);
    this.facts = READERS[output.target].read(output);
    this.workloads = application.node.findAll().filter(construct => construct instanceof WorkloadBase).sort((a, b) => byText(a.name, b.name));
  }

  public get programs(): Program[] {
    return this.workloads.flatMap(({ name: workload, containers }) => containers.map(({ name }) => {
      const { env, secrets, startsAfter } = this.facts.container(workload, name);
      const variables = Object.entries(env);
      return {
        workload,
        env: Object.fromEntries(variables.filter(([, value]) => !value.startsWith(SECRET))),
        secretValues: Object.fromEntries(variables.filter(([, value]) => value.startsWith(SECRET))
          .map(([variable, value]) => [variable, value.slice(SECRET.length)])),
        secretFiles: secrets,
        startsAfter: startsAfter?.map(each => each.split('/')[0]),
      };
    }));
  }

  /** Names of the workloads to or from which the network of a workload is open; `outside` for what is no workload. */
  public peersOf(workload: string): string[] {
    const ports = [...this.workloads.flatMap(each => each.ports), { number: 1, protocol: Protocol.TCP }];
    const isOpen = (client: string, server: string) => ports.some(({ number, protocol }) => this.facts.reaches(client, server, number, protocol));
    const peers = this.workloads.map(({ name }) => name).filter(name => name !== workload && (isOpen(workload, name) || isOpen(name, workload)));
    const outside = [ANYWHERE, ...this.workloads.flatMap(({ connections }) => connections).flatMap(({ endpoint: { addresses, port, protocol } }) =>
      addresses.map(range => ({ address: range.split('/')[0], port, protocol })))];
    const leaves = outside.some(({ address, port, protocol }) => this.facts.reachesExternal(workload, address, port, protocol));
    return [...peers, ...leaves ? ['outside'] : []].sort(byText);
  }
}
