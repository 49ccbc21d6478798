import type { Fact } from './facts';
import type { Edge } from './flows';
import { escapeMarkup as escape } from './text';
import type { ExposedPort } from '../exposed';
import { FidelityEntry, FidelityLevel } from '../fidelity';

/** What a target makes of the application, or why it refuses it. */
export interface TargetFidelity {
  readonly name: string;
  readonly entries?: readonly FidelityEntry[];
  readonly exposed?: readonly ExposedPort[];
  readonly refusal?: string;
}

/** A cell of a table, with the class of its look. */
type Cell = readonly [text: string, style?: 'path' | 'name' | 'open' | 'text'];

function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = (row: readonly Cell[]) => row.map(([text, style]) => `<td${style ? ` class="${style}"` : ''}>${escape(text)}</td>`).join('');
  return `<div class="scroll"><table>
<thead><tr>${heads.map(head => `<th scope="col">${escape(head)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(row => `<tr>${cells(row)}</tr>\n`).join('')}</tbody>
</table></div>
`;
}

/** Every connection. */
export function connections(edges: readonly Edge[]): string {
  if (edges.length === 0) return '<p>There is none.</p>\n';
  return table(['From', 'does', 'what', 'To', 'Port', 'Address', 'Starts after it', 'Path of the client', 'Path of the server'], edges.map(edge => [
    [edge.client, 'name'], [edge.action], [edge.channel ?? '', 'name'], [edge.server, 'name'], [edge.port], [edge.url, 'name'],
    [edge.waits ? 'yes' : 'no'], [edge.clientPath ?? 'outside', 'path'], [edge.serverPath ?? 'outside', 'path'],
  ]));
}

/** Who comes in from outside, and who goes out. */
export function exposed(edges: readonly Edge[], targets: readonly TargetFidelity[]): string {
  const [entries, exits] = [edges.filter(({ clientPath }) => clientPath === undefined), edges.filter(({ serverPath }) => serverPath === undefined)];
  const incoming = table(['Client outside', 'Who may come', 'does', 'Workload', 'Port', 'Path'], entries.map(edge => [
    [edge.client], [edge.who ?? '', 'open'], [edge.action], [edge.server, 'name'], [edge.port], [edge.serverPath ?? '', 'path'],
  ]));
  const ways = targets.flatMap(({ name, exposed: ports = [] }) => ports.map((port): Cell[] => [
    [name], [port.sources.join(', '), 'open'], [port.name, 'name'], [port.portName], [port.url ?? '', 'name'], [port.command ?? '', 'name'],
  ]));
  const open = `${incoming}${ways.length > 0 ? table(['On', 'Who may come', 'Workload', 'Port', 'Address', 'Command'], ways) : ''}`;
  const outgoing = table(['Workload', 'does', 'Address outside', 'Port', 'Ranges of addresses', 'Path'], exits.map(edge => [
    [edge.client, 'name'], [edge.action], [edge.server, 'name'], [edge.port], [edge.addresses.join(', '), 'name'], [edge.clientPath ?? '', 'path'],
  ]));
  return `<h3>From outside</h3>\n${entries.length > 0 ? open : '<p>Nobody outside of the application reaches it.</p>\n'}`
    + `<h3>To the outside</h3>\n${exits.length > 0 ? outgoing : '<p>Nothing leaves the application.</p>\n'}`;
}

/** Every construct that targets make something of. */
export function constructs(facts: readonly Fact[]): string {
  return table(['Name', 'is a', 'Details', 'Path'], facts.map(({ name, kind, details, path }) => [[name, 'name'], [kind], [details.join('; '), 'text'], [path, 'path']]));
}

/** What each target does otherwise than declared. */
export function fidelity(targets: readonly TargetFidelity[]): string {
  return targets.map(({ name, entries = [], refusal }) => {
    const different = entries.filter(({ level }) => level !== FidelityLevel.EXACT);
    const rows = different.map(({ path, level, feature = '', reason = '' }): Cell[] => [[path, 'path'], [level], [feature, 'text'], [reason, 'text']]);
    const count = `${entries.length - different.length} of ${new Set(entries.map(({ path }) => path)).size} constructs are exactly as declared.`;
    const found = refusal === undefined
      ? `<p>${count}</p>\n${rows.length > 0 ? table(['Path', 'Level', 'Feature', 'Reason'], rows) : ''}`
      : `<p class="open">Refused:</p>\n<p>${refusal.split('\n').map(escape).join('<br>')}</p>\n`;
    return `<h3>${escape(name)}</h3>\n${found}`;
  }).join('');
}
