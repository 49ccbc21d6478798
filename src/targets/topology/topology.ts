import { join, resolve } from 'path';
import { TOPOLOGY, TOPOLOGY_DEVIATIONS } from './deviations';
import { TopologyLowering } from './lowering';
import { toMermaid } from './mermaid';
import { toPage } from './page';
import { draw, toFile } from './svg';
import type { TargetFidelity } from './tables';
import { viewsOf } from './views';
import type { Application } from '../../model/application';
import { checkCall } from '../../private/check-call';
import type { FidelityEntry } from '../fidelity';
import { tellOf } from '../notices';
import { writeOwned } from '../owned-files';
import { runningTargets } from '../running';
import { directoryFor } from '../synthesis-output';
import type { ITarget, TargetOutput } from '../target';

/** Options of a picture. */
export interface TopologyProps {
  /**
   * Directory that the files are written to.
   * @default - `topology` in the directory that cdk8s writes to (`dist`, or what the CLI says)
   */
  readonly directory?: string;
  /**
   * Targets of which the page says how truly they do what is declared.
   * @default - those of the library by which programs run, with the options that they have by default
   */
  readonly targets?: ITarget[];
}

/**
 * The application as a picture: who talks to whom, what flows, who shares storage and networks, and what is exposed.
 * It is an SVG, a Mermaid file, and a page that needs nothing beside it.
 */
export class Topology {
  /** The picture as one of the targets. */
  public static target(props: TopologyProps = {}): ITarget {
    checkCall(this, 'Topology.target', arguments);
    return { name: TOPOLOGY, runs: false, deviations: Object.values(TOPOLOGY_DEVIATIONS), render: application => render(new Topology(application, props)) };
  }

  /** What the picture shows of each construct. */
  public readonly fidelity: FidelityEntry[];
  /** Absolute path of the directory that the files are written to. */
  public readonly directory: string;

  private readonly name: string;
  private readonly application: Application;
  private readonly texts: ReadonlyMap<string, string>;

  /** @throws if the application has problems. */
  public constructor(application: Application, props: TopologyProps = {}) {
    checkCall(new.target, 'Topology', arguments);
    this.name = application.name;
    this.application = application;
    this.directory = resolve(props.directory ?? directoryFor('topology'));
    const lowering = new TopologyLowering(application);
    application.lower(lowering);
    const views = viewsOf(lowering.finish());
    this.fidelity = lowering.fidelity.entries;
    const { edges, facts } = lowering;
    const fidelity = [...(props.targets ?? runningTargets()).map(target => fidelityOf(target, application)), { name: TOPOLOGY, entries: this.fidelity }];
    const pictures = views.map((view, index) => ({ ...view, svg: draw(view.diagram, `-${index}`), path: [this.name, ...index > 0 ? [fileName(view.name)] : []].join('/') }));
    this.texts = new Map([
      [`${this.name}.html`, toPage({ title: this.name, pictures, edges, facts, fidelity })],
      ...pictures.flatMap(({ path, svg, diagram }): [string, string][] => [[`${path}.svg`, toFile(svg)], [`${path}.mmd`, toMermaid(diagram)]]),
    ]);
  }

  /** Texts of all files, by their paths below the directory. */
  public get files(): Record<string, string> {
    return Object.fromEntries(this.texts);
  }

  /**
   * Writes all files, or none, and returns the path of the page. Pictures of parts that are not there any more are removed.
   * @throws if something is in the way that no earlier picture of this application wrote.
   */
  public save(): string {
    const paths = new RegExp(`^${this.name}(\\.html|(/[\\w.-]+)?\\.(svg|mmd))$`);
    writeOwned(this.directory, { name: `picture of '${this.name}'`, paths }, this.texts);
    tellOf(this.application, TOPOLOGY, this.fidelity);
    return join(this.directory, `${this.name}.html`);
  }
}

function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/-$/, '');
}

/** A refusal of one target is no reason to draw nothing. */
function fidelityOf(target: ITarget, application: Application): TargetFidelity {
  try {
    const { fidelity: entries, exposed } = target.render(application);
    return { name: target.name, entries, exposed };
  } catch (error) {
    return { name: target.name, refusal: (error as Error).message };
  }
}

function render({ files, fidelity }: Topology): TargetOutput {
  return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`topology/${path}`, text])), fidelity };
}
