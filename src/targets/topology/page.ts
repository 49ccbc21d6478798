import { DARK, LIGHT, Palette, rulesOf } from './colours';
import type { Fact } from './facts';
import type { Edge } from './flows';
import { SCRIPT, STYLE } from './programs.generated';
import { PICTURE_STYLE } from './svg';
import { connections, constructs, exposed, fidelity, TargetFidelity } from './tables';
import { escapeMarkup as escape } from './text';

/** A picture of all, or of a part. */
export interface Picture {
  readonly name: string;
  /** Title of the box that it is about; undefined if it is about none. */
  readonly place?: string;
  readonly svg: string;
}

/** All that a page tells of an application. */
export interface PageContent {
  readonly title: string;
  /** The main one first. */
  readonly pictures: readonly Picture[];
  readonly edges: readonly Edge[];
  readonly facts: readonly Fact[];
  readonly fidelity: readonly TargetFidelity[];
}

/** A page that needs nothing beside it. */
export function toPage({ title, pictures, edges, facts, fidelity: targets }: PageContent): string {
  const figures = pictures.map(({ svg }, index) => `<figure${index > 0 ? ' hidden' : ''}>${svg}</figure>`);
  const options = pictures.map(({ name, place }, index) =>
    `<option value="${index}"${place === undefined ? '' : ` data-name="${escape(place)}"`}>${escape(name)}</option>`);
  const sections = { Connections: connections(edges), Exposed: exposed(edges, targets), Constructs: constructs(facts), Fidelity: fidelity(targets) };
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}: topology</title>
<style>
${STYLE}${PICTURE_STYLE}
${theme(LIGHT, ':root')}
@media (prefers-color-scheme: dark) { ${theme(DARK, ':root:not([data-theme=light])')} }
${theme(DARK, ':root[data-theme=dark]')}
</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<nav aria-label="Sections">${Object.keys(sections).map(name => `<a href="#${name.toLowerCase()}">${name}</a>`).join(' ')}</nav>
<label>Search <input id="search" type="search" placeholder="name, port, path …"></label>
<button id="theme" type="button">Light or dark</button>
</header>
<main>
<div class="tools">
${pictures.length > 1 ? `<label>Show <select id="views">${options.join('')}</select></label>\n` : ''}<span>
<button id="out" type="button" aria-label="Smaller">−</button>
<button id="in" type="button" aria-label="Larger">+</button>
<button id="fit" type="button">Fit</button>
</span>
<span class="quiet">Arrows show which way things flow. Click a box to find what belongs to it.</span>
</div>
<div class="canvas" tabindex="0">
${figures.join('\n')}</div>
${Object.entries(sections).map(([name, content]) => `<section id="${name.toLowerCase()}">\n<h2>${name}</h2>\n${content}</section>`).join('\n')}
</main>
<script>
${SCRIPT}</script>
</body>
</html>
`;
}

function theme({ text, paper, quiet, box, border, workload, exposed: open, ...others }: Palette, root: string): string {
  const variables = { text, paper, quiet, box, edge: border, link: workload, exposed: open };
  const rules = Object.entries(variables).map(([name, value]) => `--${name}:${value}`).join(';');
  return `${root}{${rules}}${rulesOf({ text, paper, quiet, box, border, workload, exposed: open, ...others }, `${root} `)}`;
}
