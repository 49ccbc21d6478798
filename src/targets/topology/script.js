// What the page does: search, zoom, other pictures, light and dark. Without it, everything is there all the same.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const [canvas, search, views] = ['.canvas', '#search', '#views'].map(selector => document.querySelector(selector));
const figures = all('figure', canvas);
const READABLE = 0.55;
let scale = 1;

/** The picture that is shown. */
const shown = () => figures.find(figure => !figure.hidden).querySelector('svg');

function zoom(factor) {
  const { width, height } = shown().viewBox.baseVal;
  scale = Math.min(4, Math.max(0.1, factor));
  shown().setAttribute('width', width * scale);
  shown().setAttribute('height', height * scale);
}

/** As large as there is room for, but not so small that nobody can read it. */
function fit(smallest) {
  zoom(Math.max(smallest, Math.min(1, (canvas.clientWidth - 2) / shown().viewBox.baseVal.width)));
}

function show(index) {
  figures.forEach((figure, at) => { figure.hidden = at !== Number(index); });
  fit(READABLE);
  canvas.scrollTo(0, 0);
  find();
}

/** Lets stand out whatever has all words that are looked for, with its lines and what is at their other ends. */
function find() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = text => words.every(word => text.toLowerCase().includes(word));
  const [nodes, lines] = ['.node', '.line'].map(selector => all(selector, shown()));
  const found = new Set(nodes.filter(node => has(node.textContent)).map(node => node.dataset.name));
  const lit = new Set(lines.filter(line => found.has(line.dataset.from) || found.has(line.dataset.to) || has(line.textContent)));
  const names = new Set([...found, ...[...lit].flatMap(({ dataset }) => [dataset.from, dataset.to])]);
  for (const node of nodes) node.classList.toggle('dim', !names.has(node.dataset.name));
  for (const line of lines) line.classList.toggle('dim', !lit.has(line));
  for (const row of all('tbody tr')) row.hidden = !has(row.textContent);
}

search.addEventListener('input', find);
document.querySelector('#in').addEventListener('click', () => zoom(scale * 1.25));
document.querySelector('#out').addEventListener('click', () => zoom(scale / 1.25));
document.querySelector('#fit').addEventListener('click', () => fit(0));
views?.addEventListener('change', () => show(views.value));
canvas.addEventListener('wheel', event => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, { passive: false });
canvas.addEventListener('pointermove', event => {
  if (event.buttons === 1 && event.pointerType === 'mouse') canvas.scrollBy(-event.movementX, -event.movementY);
});
canvas.addEventListener('click', event => {
  const name = event.target.closest('.node')?.dataset.name;
  if (name === undefined) return;
  const option = [...views?.options ?? []].find(({ dataset }) => dataset.name === name);
  search.value = option || search.value === name ? '' : name;
  if (option) views.value = option.value;
  if (option) show(option.value);
  else find();
});
document.querySelector('#theme').addEventListener('click', () => {
  const { dataset } = document.documentElement;
  const isDark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  dataset.theme = isDark ? 'light' : 'dark';
});
addEventListener('resize', () => fit(READABLE));
fit(READABLE);
