// Writes the table of docs/official-images.md: npx ts-node -T -P test/tsconfig.json test/docs/official-images.ts
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { OfficialImages } from '../../src/images/official-images';
import { HealthCheck, HealthCheckKind } from '../../src/model/health-check';
import type { ImageFacts } from '../../src/model/image-facts';

export const IMAGES_PAGE = join(__dirname, '../../docs/official-images.md');

const BEGIN = '<!-- Written by test/docs/official-images.ts from src/images; do not edit. -->';
const END = '<!-- Until here. -->';

/** A page with the table as it should be. */
export function withTable(page: string): string {
  const [before] = page.split(BEGIN);
  const [, after] = page.split(END);
  const rows = OfficialImages.facts.map(facts => `| ${cells(facts).join(' | ')} |\n`).join('');
  const variables = new Map(OfficialImages.facts.flatMap(({ name, fileVariables = [] }) => fileVariables.length > 0 ? [[name, fileVariables] as const] : []));
  const files = [...variables].map(([name, fileVariables]) => `| \`${name}\` | ${quoted(fileVariables)} |\n`).join('');
  return `${before}${BEGIN}\n| image | user | port | health check | writes to | keeps data at | least memory | source |\n|---|---|---|---|---|---|---|---|\n${rows}
These variables can be read from a file: \`EnvValue.secretFile(…)\` is the value of the variable of that name with \`_FILE\`.

| image | variables |\n|---|---|\n${files}${END}${after}`;
}

function cells(facts: ImageFacts): string[] {
  const { uid, gid, anyUid = false, ports = [], health, writablePaths = [], dataPaths = [], memory, source, date } = facts;
  const scratch = writablePaths.filter(path => !dataPaths.includes(path));
  return [
    nameOf(facts),
    `${uid}:${gid}${anyUid ? ', or any' : ''}`,
    ports.map(({ number }) => number).join(' '),
    health ? describe(health) : ports.length > 0 ? 'TCP' : '',
    quoted(scratch),
    `${quoted(dataPaths)}${dataPaths.some(path => writablePaths.includes(path)) ? ', or nowhere' : ''}`,
    `${memory?.toMebibytes() ?? 256} MiB`,
    `[${date}](${source})`,
  ];
}

function nameOf({ name, flavour, sinceVersion, beforeVersion }: ImageFacts): string {
  const versions = beforeVersion !== undefined ? [...new Set([sinceVersion, beforeVersion - 1])].join('–') : sinceVersion !== undefined ? `${sinceVersion} and later` : '';
  return [`\`${name}\``, versions, flavour === undefined ? '' : `with \`${flavour}\``].filter(part => part !== '').join(' ');
}

function describe(health: HealthCheck): string {
  return health.kind === HealthCheckKind.HTTP ? `GET \`${health.path}\`` : `\`${health.words.join(' ')}\``;
}

function quoted(paths: string[]): string {
  return paths.map(path => `\`${path}\``).join(', ');
}

if (require.main === module) writeFileSync(IMAGES_PAGE, withTable(readFileSync(IMAGES_PAGE, 'utf8')));
