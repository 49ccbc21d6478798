// Every character of Unicode, wherever a program may be given a text: it gets there as it is, or is refused by name.
import { Application, ComposeProject, ConfigFile, EnvValue, HealthCheck, KubernetesChart, SinglePassApp, Task, TestOutput, Workload } from 'cdk8s-conduit';
import { App } from 'cdk8s';
import { load } from 'js-yaml';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

/** A program that is given a text in one place. */
const PLACES: [place: string, give: (shop: Application, text: string) => unknown][] = [
  ['a variable', (shop, text) => new Workload(shop, 'web', { image: IMAGE, env: { TEXT: EnvValue.literal(text) } })],
  ['a command', (shop, text) => new Workload(shop, 'web', { image: IMAGE, command: ['run', text] })],
  ['an argument', (shop, text) => new Workload(shop, 'web', { image: IMAGE, args: [text] })],
  ['a health command', (shop, text) => new Workload(shop, 'web', { image: IMAGE, health: HealthCheck.command(['check', text]) })],
  ['a completion check', (shop, text) => new Workload(shop, 'web', { image: IMAGE }).waitFor(new Task(shop, 'task', { image: IMAGE, completionCheck: ['check', text] }))],
  ['a config file', (shop, text) => new Workload(shop, 'web', { image: IMAGE }).main.mountConfigFile(new ConfigFile(shop, 'conf', { path: '/conf', content: text }))],
];
const shopWith = (give: (shop: Application, text: string) => unknown, text: string) => {
  const shop = new Application('shop');
  give(shop, text);
  return shop;
};

/** The text between these is the one that was given. */
const around = (text: string) => `begin ${text} end`;
const [NUL, HIGH, LOW] = ['\0', '\ud834', '\udd1e'];

/** All strings within plain data. */
function stringsOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsOf) : [];
}

describe.each(PLACES)('%s', (place, give) => {
  test('holds any character on every target', () => {
    const all = [...Array.from({ length: 0xff }, (_, index) => index + 1), 0x2028, 0x2029, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1d11e].map(code => String.fromCodePoint(code)).join('|');
    const text = around(all.replaceAll('$', ''));
    const shop = shopWith(give, text);
    expect(stringsOf(TestOutput.of(shop, KubernetesChart.target()).documents)).toContain(text);
    if (place === 'a completion check') return; // Compose waits for the task itself
    const { document, files } = TestOutput.of(shop, ComposeProject.target());
    expect([...stringsOf(document), ...Object.values(files)]).toContain(text);
  });

  test.each([['the character U+0000, which would end it', NUL], ['half a character, a surrogate without the other one', HIGH], ['half a character, a surrogate without the other one', LOW]])(
    'refuses %s', (reason, character) => {
      expect(wholeProgram(() => shopWith(give, around(character)).check())).toThrow(new RegExp(`shop/[^\n]*: .* has ${reason.replace('+', '\\+')}`));
    });

  test.each<[string, boolean]>([
    // what kubectl makes of what the App of cdk8s writes of them
    ...['0o17', '-0o17', '+0o7', '\x7f', '\x80', '\x84', '\x85', '\x86', '\x9f', '\u2028', '\u2029', '\ufffe', '\uffff'].map((text): [string, boolean] => [text, true]),
    ...['0o18', '0o', '017', '0x1f', '1e3', 'no', '~', '1:30', '2001-01-01', '"0o17"', 'a 0o17', '\x01', '\x1f', '\t', '\xa0', '\xad', '\ufeff', '\ue000'].map((text): [string, boolean] => [text, false]),
  ])('that is %j is refused in an App of cdk8s: %s', (text, refused) => {
    const chart = (app: App) => new KubernetesChart(app, 'shop', { application: shopWith(give, text) });
    const objects = (app: App) => (chart(app), app.synthYaml().split('---\n').map(document => load(document)));
    expect(stringsOf(objects(new SinglePassApp()))).toContain(text);
    if (!refused) return expect(stringsOf(objects(new App()))).toContain(text);
    const reason = '(text|character) \\S+, which (would be read as a number|cannot be read)';
    return expect(wholeProgram(() => chart(new App()))).toThrow(new RegExp(`^shop: \\w+ '[\\w-]+' has the ${reason} when the App of cdk8s writes it; put the chart into a SinglePassApp$`, 'm'));
  });
});
