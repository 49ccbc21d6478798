// Writes docs/fidelity.md: npx ts-node -T -P test/tsconfig.json test/docs/fidelity.ts
import { writeFileSync } from 'fs';
import { join } from 'path';
import { OPERATOR_DEVIATIONS } from '../../src/operators/deviations';
import { COMPOSE_DEVIATIONS } from '../../src/targets/compose/deviations';
import type { Deviation } from '../../src/targets/fidelity';
import { KUBERNETES_DEVIATIONS } from '../../src/targets/kubernetes/deviations';

export const FIDELITY_PAGE = join(__dirname, '../../docs/fidelity.md');

/** The page as it should be. */
export function renderFidelity(): string {
  return `<!-- Written by test/docs/fidelity.ts from the files deviations.ts of src; do not edit. -->
# Fidelity

What a target does differently from what a program declares, and why. What is not in a table is done exactly as declared.

* **emulated**: done by other means, with the difference that the reason states. Such differences of an application stand, with
  construct paths, in the property \`fidelity\` of \`KubernetesChart\` and \`ComposeProject\`.
* **refused**: not done. The target throws one error that names every construct, the reason and the remedy, and writes nothing.

Nothing is ever left out silently.

${table('Kubernetes', KUBERNETES_DEVIATIONS)}
${table('Kubernetes, with providers', OPERATOR_DEVIATIONS)}
${table('Compose', COMPOSE_DEVIATIONS)}`;
}

function table(target: string, deviations: Record<string, Deviation>): string {
  const rows = Object.values(deviations).map(({ feature, level, reason, remedy }) => `| ${feature} | ${level} | ${reason} | ${remedy ?? ''} |\n`);
  return `## ${target}\n\n| feature | level | reason | remedy |\n|---|---|---|---|\n${rows.join('')}`;
}

if (require.main === module) writeFileSync(FIDELITY_PAGE, renderFidelity());
