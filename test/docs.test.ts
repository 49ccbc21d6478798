// Every program in the documentation compiles and runs, and its output is what the page says.
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { compile, PAGES, run, snippetsOf, untrue } from './docs/snippets';

const snippets = PAGES.flatMap(snippetsOf);

test('the programs compile', () => {
  expect(compile(snippets)).toEqual([]);
}, 120_000);

test.each(snippets)('$place runs, and gives the output that the page shows', snippet => {
  expect(untrue(snippet, run(snippet))).toEqual([]);
});

test('every page about something to program has a program', () => {
  const without = PAGES.filter(page => snippetsOf(page).length === 0);
  expect(without).toEqual(['docs/fidelity.md', 'docs/message-semantics.md', 'docs/proof.md']);
});

test('links between pages lead somewhere', () => {
  const root = join(__dirname, '..');
  const broken = PAGES.flatMap(page => [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
    .filter(([, target]) => target !== 'API.md' && !existsSync(join(root, dirname(page), target))).map(([, target]) => `${page}: ${target}`));
  expect(broken).toEqual([]);
});
