import { mkdirSync } from 'fs';
import { join } from 'path';
import { App, AppProps, Chart, Names, YamlOutputType } from 'cdk8s';
import { DependencyOrder } from './dependency-order';
import { fileName } from './file-names';
import { checkCall } from '../../private/check-call';
import { toYaml } from '../../private/yaml';
import { replaceFiles } from '../replace-files';

const SEPARATOR = '---\n';

/** Options of the app: those of the cdk8s `App`. */
export interface SinglePassAppProps extends AppProps {}

/**
 * Replaces the cdk8s `App` and writes the same documents in less time. Each construct is validated, ordered and resolved once, whatever
 * the number of charts, and a faster library writes the YAML.
 * If synthesis fails, the files of an earlier one stay as they are.
 *
 * It asks objects for what they are, never charts: a chart that overrides `toJson()` needs `App`.
 * @see https://cdk8s.io/docs/latest/basics/app/
 */
export class SinglePassApp extends App {
  private readonly recordsPaths: boolean;

  /** Takes the options of `App`. */
  public constructor(props: SinglePassAppProps = {}) {
    checkCall(new.target, 'SinglePassApp', arguments);
    super(props);
    this.recordsPaths = props.recordConstructMetadata ?? process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';
  }

  /**
   * All charts, each after those that it, or something in it, depends on.
   * @throws if dependencies have a cycle.
   */
  public get charts(): Chart[] {
    return new DependencyOrder(this.node.findAll()).charts;
  }

  /**
   * Writes all manifests into the output directory.
   * @throws if a construct is invalid, an object cannot be resolved, dependencies have a cycle, or two objects would be written to one file.
   */
  public synth(): void {
    const order = this.check();
    const sections = order.charts.map((chart, index) => ({
      name: `${order.isNumbered ? `${String(index).padStart(4, '0')}-` : ''}${Names.toDnsLabel(chart)}`, objects: order.objectsOf(chart),
    }));
    const objects = sections.flatMap(section => section.objects);
    const files = new Map<string, string>();
    const save = (name: string, texts: string[]) => {
      const file = name + this.outputFileExtension;
      if (files.has(file)) throw new Error(`two charts or objects would be written to '${file}'; use another 'yamlOutputType', or an App for each chart`);
      files.set(file, texts.join(SEPARATOR));
    };
    switch (this.yamlOutputType) {
      case YamlOutputType.FILE_PER_APP:
        if (sections.length > 0) save('app', objects.map(object => toDocument(object.toJson())));
        break;
      case YamlOutputType.FILE_PER_CHART:
        for (const section of sections) save(section.name, section.objects.map(object => toDocument(object.toJson())));
        break;
      case YamlOutputType.FILE_PER_RESOURCE:
        for (const object of objects) {
          const json = object.toJson();
          if (json !== undefined) save(fileName(json), [toYaml(json)]);
        }
        break;
      case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
        for (const section of sections) {
          for (const object of section.objects) save(join(section.name, fileName(object)), [toDocument(object.toJson())]);
        }
        break;
    }
    if (this.recordsPaths) {
      const resources = Object.fromEntries(objects.map(({ name, node }) => [name, { path: node.path }]));
      files.set('construct-metadata.json', JSON.stringify({ version: '1.0.0', resources }));
    }
    mkdirSync(this.outdir, { recursive: true });
    replaceFiles(this.outdir, files);
  }

  /**
   * All manifests as one text, without writing it.
   * @throws if a construct is invalid, an object cannot be resolved, or dependencies have a cycle.
   */
  public synthYaml(): string {
    const order = this.check();
    return order.charts.flatMap(chart => order.objectsOf(chart).map(object => toDocument(object.toJson()))).join(SEPARATOR);
  }

  private check(): DependencyOrder {
    const all = this.node.findAll();
    const problems = all.flatMap(({ node }) => node.validate().map(problem => `[${node.path}] ${problem}`));
    if (problems.length > 0) throw new Error(`Validation failed with the following errors:\n  ${problems.join('\n  ')}`);
    return new DependencyOrder(all);
  }
}

/** An object that leaves itself out becomes an empty document. */
function toDocument(json: object | undefined): string {
  return json === undefined ? '\n' : toYaml(json);
}
