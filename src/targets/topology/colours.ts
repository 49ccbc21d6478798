/** What has a colour of its own. */
export interface Palette {
  /** Behind everything. */
  readonly paper: string;
  readonly text: string;
  /** Of captions and labels. */
  readonly quiet: string;
  /** Inside of boxes. */
  readonly box: string;
  /** Inside of channels. */
  readonly channel: string;
  /** Between parts of a page. */
  readonly border: string;
  /** Borders and lines, by what they are of. */
  readonly workload: string;
  readonly task: string;
  readonly storage: string;
  readonly network: string;
  readonly outside: string;
  readonly flow: string;
  /** What can be reached from outside. */
  readonly exposed: string;
}

export const LIGHT: Palette = {
  paper: '#ffffff',
  text: '#1b1f24',
  quiet: '#4b535d',
  box: '#f4f7fb',
  channel: '#dde9f8',
  border: '#cdd5de',
  workload: '#2f5d9b',
  task: '#7048a8',
  storage: '#2c6e3f',
  network: '#0f6b75',
  outside: '#6a5f55',
  flow: '#3b4650',
  exposed: '#b3350d',
};

export const DARK: Palette = {
  paper: '#10151b',
  text: '#e8edf3',
  quiet: '#b3bdc9',
  box: '#1a222c',
  channel: '#263a54',
  border: '#333e4a',
  workload: '#7fb0f0',
  task: '#c3a3f0',
  storage: '#7cc892',
  network: '#6ccbd6',
  outside: '#c4b7a8',
  flow: '#a9b6c4',
  exposed: '#ff9a70',
};

/** Rules of one palette; `scope` is put before each. */
export function rulesOf(palette: Palette, scope = ''): string {
  const rules: [string, string][] = [
    ['.paper', `fill:${palette.paper}`],
    ['.title', `fill:${palette.text}`],
    ['.caption', `fill:${palette.quiet}`],
    ['.label', `fill:${palette.quiet}`],
    ['.name', `fill:${palette.text}`],
    ['.box', `fill:${palette.box}`],
    ['.channel', `fill:${palette.channel}`],
    ...(['workload', 'task', 'network', 'outside'] as const).map((kind): [string, string] => [`.${kind} .box`, `stroke:${palette[kind]}`]),
    ['.volume .box', `stroke:${palette.storage}`],
    ...(['flow', 'storage', 'network'] as const).map((kind): [string, string] => [`.line.${kind} path`, `stroke:${palette[kind]}`]),
    ...(['flow', 'storage'] as const).map((kind): [string, string] => [`.head.${kind}`, `fill:${palette[kind]}`]),
    ['.mark', `fill:${palette.exposed}`],
    ['.exposed .box', `stroke:${palette.exposed}`],
  ];
  return rules.map(([selector, rule]) => `${scope}${selector}{${rule}}`).join('');
}
