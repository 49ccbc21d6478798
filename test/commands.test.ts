// Images that stand in for the real ones, where tests run engines, hold more tools than those. So it is checked here
// that every generated command is in the table of what its real image contains.
import { Application, CatalogueImage, ImageCatalogue, Keda, Testing } from 'cdk8s-conduit';
import { everyFeature } from './contracts/every-feature';

const BUILTINS = new Set([':', '.', '[', 'break', 'cd', 'continue', 'echo', 'eval', 'exec', 'exit', 'export', 'kill', 'printf', 'read', 'return', 'set',
  'shift', 'test', 'trap', 'true', 'false', 'umask', 'unset', 'wait']);
const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{']);
const ENDINGS = new Set(['fi', 'done', 'esac', '}', 'for']); // what follows them on the line is no command

/** First words of all commands in a shell script; `$@` for words that the caller gives. */
class Script {
  private readonly words: string[] = [];
  private at = 0;
  private beforeIn = false;

  public constructor(private readonly text: string) {}

  public commandWords(): string[] {
    this.commands();
    return this.words;
  }

  private commands(): void {
    let expecting = true;
    while (this.at < this.text.length) {
      const rest = this.text.slice(this.at);
      const [blank] = /^[ \t]+|^#.*|^\\\n/.exec(rest) ?? [''];
      const [separator] = /^(;;|[;&|\n({]|&&|\|\|)/.exec(rest) ?? [''];
      const [redirection] = /^\d*(>>|>&|>|<)[ \t]*/.exec(rest) ?? [''];
      if (blank) {
        this.at += blank.length;
      } else if (rest.startsWith(')')) {
        this.at++;
        return;
      } else if (separator) {
        this.at += separator.length;
        if (separator === ';;') this.patterns();
        expecting = true;
      } else if (redirection) {
        this.at += redirection.length;
        this.word();
      } else {
        expecting = this.take(this.word(), expecting);
      }
    }
  }

  /** Whether a command is expected after this word. */
  private take(word: string, expecting: boolean): boolean {
    if (word === 'in' && this.beforeIn) return this.patterns();
    if (!expecting) return false;
    this.beforeIn ||= word === 'case';
    if (KEYWORDS.has(word) || /^\w+=/.test(word)) return true;
    if (word === 'case' || ENDINGS.has(word)) return false;
    this.words.push(word);
    return word === 'exec';
  }

  /** Skips the patterns before the commands of a case. */
  private patterns(): boolean {
    const [skipped] = /^\s*(?!\s|esac)[^)]*\)|^\s*/.exec(this.text.slice(this.at))!;
    this.at += skipped.length;
    this.beforeIn = false;
    return true;
  }

  /** One word without its quotes; commands in `$(…)` are noted. */
  private word(quote = ''): string {
    let word = '';
    for (; this.at < this.text.length; this.at++) {
      const next = this.text[this.at];
      if (next === quote) break;
      if (!quote && /[\s;&|()<>]/.test(next)) return word;
      if (quote !== "'" && this.text.startsWith('$(', this.at)) {
        this.at += 2;
        this.commands();
        this.at--;
      } else if (quote !== "'" && this.text.startsWith('${', this.at)) {
        this.at = this.text.indexOf('}', this.at);
      } else if (quote !== "'" && next === '\\') {
        this.at++;
      } else if (!quote && /['"]/.test(next)) {
        this.at++;
        word += this.word(next);
      } else {
        word += next;
      }
    }
    return word;
  }
}

interface Command {
  readonly place: string;
  readonly image: string;
  readonly words: string[];
  /** Whether the mounted busybox is there. */
  readonly hasTools: boolean;
  /** Programs that the user's image was said to need. */
  readonly required?: string[];
}

function kubernetesCommands(application: Application): Command[] {
  return Testing.kubernetes(application, { namespace: 'prod', kubernetesVersion: '1.29', providers: [new Keda()] }).flatMap(({ metadata, spec }) => {
    const pod = spec?.template?.spec;
    return [...pod?.initContainers ?? [], ...pod?.containers ?? []].flatMap((container: any): Command[] => {
      const { name, image, command = [], args = [], readinessProbe, startupProbe, lifecycle, volumeMounts = [] } = container;
      const hasTools = volumeMounts.some((mount: any) => mount.mountPath === '/conduit');
      const place = `Kubernetes ${metadata.name}/${name}`;
      return [[...command, ...args], readinessProbe?.exec?.command, startupProbe?.exec?.command].filter(words => words?.length > 0)
        .map((words): Command => ({ place, image, words, hasTools }))
        .concat(lifecycle?.preStop ? [{ place, image, words: lifecycle.preStop.exec.command, hasTools, required: ['sh', 'sleep'] }] : []);
    });
  });
}

function composeCommands(application: Application): Command[] {
  return Object.entries<any>(Testing.compose(application).services).flatMap(([name, service]) => {
    const { image, entrypoint = [], command = [], post_start = [], healthcheck, volumes = [] } = service;
    const hasTools = volumes.some(({ target }: any) => target === '/conduit');
    const hooks = post_start.map((hook: any) => hook.command);
    const check: string[] = healthcheck?.test.slice(1) ?? [];
    const repeated = check.includes('check') ? check.slice(check.indexOf('check') + 1) : [];
    return [[...entrypoint, ...command], ...hooks, check, repeated].filter(words => words.length > 0)
      .map(words => ({ place: `Compose ${name}`, image, words: words.map((word: string) => word.replace(/\$\$/g, '$')), hasTools }));
  });
}

/** What a generated command calls that is not in its image. What users wrote runs in their own images. */
function missing({ place, image, words, hasTools, required }: Command, images: CatalogueImage[]): string[] {
  const busybox = images.find(({ reference }) => reference.startsWith('busybox:'))!;
  const catalogued = images.find(({ reference }) => reference === image);
  const [first, second] = words;
  const generated = catalogued !== undefined || required !== undefined || first === '/conduit/busybox';
  if (!generated) return [];
  const script = words[words.indexOf('-c') + 1];
  const shell = first === 'sh' || (first === '/conduit/busybox' && second === 'sh');
  const called = [first, ...(first === '/conduit/busybox' ? [`busybox ${second}`] : []), ...(shell ? new Script(script).commandWords() : [])];
  const has = (word: string) => BUILTINS.has(word) || word === '$@' || (word === '/conduit/busybox' && hasTools)
    || (word.startsWith('busybox ') && busybox.tools.includes(word.slice('busybox '.length))) || [...catalogued?.tools ?? [], ...required ?? []].includes(word);
  return called.filter(word => !has(word)).map(word => `${place}: ${image} has no ${word}`);
}

const images = new ImageCatalogue();
const catalogue = images.names.map(name => images.find(name));

test('every generated command is in the image that it runs in', () => {
  const commands = [...kubernetesCommands(everyFeature()), ...composeCommands(everyFeature())];
  expect(commands.flatMap(command => missing(command, catalogue))).toEqual([]);
  // every image of the catalogue is run on both targets, and every way of running is among the commands
  for (const target of ['Kubernetes', 'Compose']) {
    const run = commands.filter(({ place }) => place.startsWith(target));
    expect(catalogue.filter(({ reference }) => !run.some(({ image }) => image === reference))).toEqual([]);
  }
  const places = commands.map(({ place, words }) => `${place} ${words.slice(0, 3).join(' ')}`);
  for (const part of ['conduit-wait sh', 'conduit-tools cp', 'conduit-await-migrate /conduit/busybox sh', 'client/main sh -c kill', 'broker/main sh', 'conduit-setup sleep 60', 'conduit-setup sh', 'pair_1 sleep infinity', '/conduit/busybox nc', '/conduit/busybox wget']) {
    expect(places.join('\n')).toContain(part);
  }
});

test('a tool that an image lacks is found, wherever in a script it is called', () => {
  const script = 'set -e\n# curl\nfor f in a b; do\n  case $(jq -r .x "$f") in\n    one|"two") awk 1 ;;\n    *) X=1 exec perl 2>/dev/null | tee > out ;;\n  esac\ndone\n'
    + 'if [ "$(stat -c "%u" x)" = 0 ] && ! grep -q x; then "$@"; fi; echo curl \'$(curl)\' "${a##*/}" || (ls)';
  expect(new Script(script).commandWords()).toEqual(['set', 'jq', 'awk', 'exec', 'perl', 'tee', '[', 'stat', 'grep', '$@', 'echo', 'ls']);
  const command = { place: 'x', image: 'busybox:1.37.0-musl', words: ['sh', '-c', 'curl x', 'name'], hasTools: false };
  expect(missing(command, catalogue)).toEqual(['x: busybox:1.37.0-musl has no curl']);
  expect(missing({ ...command, image: 'other:1', words: ['/conduit/busybox', 'vi'] }, catalogue)).toEqual(['x: other:1 has no /conduit/busybox', 'x: other:1 has no busybox vi']);
});
