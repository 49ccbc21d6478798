import { join } from 'path';
import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';

/** Name of an object's file, without its extension, where each object has one; as cdk8s makes it. */
export function fileName(object: { kind: string; metadata: { name?: string } }): string {
  return `${object.kind}.${object.metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

/**
 * Says which objects of a chart would be written to the file of another object, of which cdk8s writes each over the one before.
 * A collision of several charts is said by the first of them.
 */
export function findCollisions(chart: Chart): string[] {
  const { root } = chart.node;
  if (!(root instanceof App)) return [];
  const folders = root.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  if (root.yamlOutputType !== YamlOutputType.FILE_PER_RESOURCE && !folders) return [];
  const byFile = new Map<string, ApiObject[]>();
  for (const object of root.node.findAll().filter(ApiObject.isApiObject)) {
    const file = join(folders ? Names.toDnsLabel(object.chart) : '', fileName(object)) + root.outputFileExtension;
    byFile.set(file, [...byFile.get(file) ?? [], object]);
  }
  const clashes = [...byFile].filter(([, objects]) => objects.length > 1 && objects[0].chart === chart);
  if (clashes.length === 0) return [];
  const [[file, objects]] = clashes;
  const more = clashes.length > 1 ? `, and ${clashes.length - 1} more files of several objects` : '';
  return [`only one of ${objects.map(({ node }) => `'${node.path}'`).join(', ')} would be left in '${file}'${more}; use another 'yamlOutputType', or an App for each chart`];
}
