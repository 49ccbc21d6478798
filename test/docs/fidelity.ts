// Writes docs/fidelity.md: npx ts-node -T -P test/tsconfig.json test/docs/fidelity.ts
import { writeFileSync } from 'fs';
import { join } from 'path';
import { WIDER_RIGHTS } from './semantics';
import { OPERATOR_DEVIATIONS } from '../../src/operators/deviations';
import { ROUTING_DEVIATIONS } from '../../src/operators/routing-deviations';
import type { Deviation } from '../../src/targets/fidelity';
import { Targets } from '../../src/targets/targets';

export const FIDELITY_PAGE = join(__dirname, '../../docs/fidelity.md');

/** The page as it should be. */
export function renderFidelity(): string {
  return `<!-- Written by test/docs/fidelity.ts from the files deviations.ts and wider-rights.ts of src; do not edit. -->
# Fidelity

What a target does differently from what a program declares, and why. What is not in a table is done exactly as declared.

* **emulated**: done by other means, with the difference that the reason states. Such differences of an application stand, with
  construct paths, in the property \`fidelity\` of what the target makes, such as \`KubernetesChart\` and \`ComposeProject\`.
* **omitted**: left out by a target that runs no programs, such as a picture. It stands in \`fidelity\`, too.
* **refused**: not done. The target throws one error that names every construct, the reason and the remedy, and writes nothing.

Nothing is ever left out silently.

${Targets.all.map(({ name, deviations }) => table(name, deviations)).join('\n')}
${table('Kubernetes, with providers', [...Object.values(OPERATOR_DEVIATIONS), ...Object.values(ROUTING_DEVIATIONS)])}
## Rights on brokers

A user has the least that lets it do what was granted. Where a broker cannot tell that from more, the user may do more, on every target.
It stands in \`fidelity\` of every target, at the queue, the topic or the stream.

| broker | right | what it also allows |
|---|---|---|
${Object.entries(WIDER_RIGHTS).flatMap(([broker, rights]) => rights.map(({ right, allows }) => `| ${broker} | ${right} | ${allows} |\n`)).join('')}`;
}

function table(target: string, deviations: readonly Deviation[]): string {
  const rows = deviations.map(({ feature, level, reason, remedy }) => `| ${feature} | ${level} | ${reason} | ${remedy ?? ''} |\n`);
  return `## ${target}\n\n| feature | level | reason | remedy |\n|---|---|---|---|\n${rows.join('')}`;
}

if (require.main === module) writeFileSync(FIDELITY_PAGE, renderFidelity());
