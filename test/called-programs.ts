// What a command calls, by following what a shell would do with it: into texts after `-c`, mounted files, functions and what they are given.
import type * as Unbash from 'unbash' with { 'resolution-mode': 'import' };

const { forEachChild, parse } = jest.requireActual<typeof Unbash>('unbash'); // has no form that could be imported here

const BUILTINS = new Set([':', '.', '[', 'break', 'cd', 'command', 'continue', 'echo', 'eval', 'exec', 'exit', 'export', 'false', 'getopts', 'jobs', 'kill',
  'local', 'printf', 'pwd', 'read', 'readonly', 'return', 'set', 'shift', 'test', 'times', 'trap', 'true', 'type', 'ulimit', 'umask', 'unset', 'wait']);
const BUILTINS_OF_BASH = new Set(['builtin', 'compgen', 'declare', 'let', 'mapfile', 'shopt', 'source']);
/** What runs its arguments, and the number of its own before the first of these. */
const RUNNERS: Record<string, number> = { builtin: 0, command: 0, env: 0, exec: 0, nohup: 0, timeout: 1, xargs: 0 };
const SHELLS = new Set(['sh', 'bash']);

/** Where the tools are mounted that targets lend to images without any. */
const LENT = '/conduit/busybox';

/** Texts that are mounted at a path; several where containers have different ones. */
export type Mounted = (path: string) => string[];

/**
 * Programs that a command calls, sorted; those of the lent tools with `/conduit/busybox` before their name.
 * A name that only shows when the command runs is given as it is written, such as `$tool`.
 */
export function calledPrograms(words: string[], mounted: Mounted): string[] {
  const called = new Set<string>();
  new Caller(called, mounted).run(words);
  return [...called].sort();
}

/** One shell, or what starts it. */
class Caller {
  private readonly functions = new Map<string, Unbash.SyntaxNode>();
  private readonly arrays = new Map<string, string[]>();
  private readonly running = new Set<string>();

  public constructor(private readonly called: Set<string>, private readonly mounted: Mounted, private readonly shell?: string, private given: string[] = []) {}

  public run([name, ...args]: string[]): void {
    if (name === undefined) return;
    const body = this.functions.get(name);
    if (body) this.callFunction(name, body, args);
    else if (this.isBuiltin(name)) this.callBuiltin(name, args);
    else this.callProgram(name, args);
  }

  private callProgram(name: string, args: string[]): void {
    const lent = name === LENT && args.length > 0;
    this.called.add(lent ? `${LENT} ${args[0]}` : name);
    if (lent) this.called.add(LENT);
    const [program, ...rest] = lent ? args : [name, ...args];
    if (SHELLS.has(program)) this.startShell(program, rest);
    else this.runArguments(program, rest);
  }

  private startShell(shell: string, args: string[]): void {
    const at = args.findIndex((word, index) => !/^[-+]/.test(word) && !/^[-+]\w*o$/.test(args[index - 1] ?? ''));
    if (at < 0) return;
    const start = (text: string, given: string[]) => new Caller(this.called, this.mounted, shell, given).interpret(text);
    if (args.slice(0, at).some(option => /^-\w*c/.test(option))) start(args[at], args.slice(at + 2));
    else for (const text of this.textsOf(args[at])) start(text, args.slice(at + 1));
  }

  private callBuiltin(name: string, args: string[]): void {
    if (name === 'eval') this.interpret(args.join(' '));
    else if (name === 'trap' && args.length > 1) this.interpret(args[0]);
    else if (name === '.' || name === 'source') for (const text of this.textsOf(args[0])) this.interpret(text);
    else if (name === 'shift') this.given = this.given.slice(Number(args[0] ?? 1));
    else this.runArguments(name, args);
  }

  /** What is mounted at a path; what is not must be in the image. */
  private textsOf(path: string): string[] {
    const texts = this.mounted(path);
    if (texts.length === 0) this.called.add(path);
    return texts;
  }

  private runArguments(name: string, args: string[]): void {
    if (!Object.hasOwn(RUNNERS, name)) return;
    const first = args.findIndex(word => !/^-|^\w+=/.test(word));
    if (first >= 0) this.run(args.slice(first + RUNNERS[name]));
  }

  private callFunction(name: string, body: Unbash.SyntaxNode, args: string[]): void {
    const call = JSON.stringify([name, args]);
    if (this.running.has(call)) return;
    this.running.add(call);
    const { given } = this;
    this.given = args;
    this.visit(body);
    this.given = given;
    this.running.delete(call);
  }

  private interpret(text: string): void {
    this.visit(parse(text));
  }

  private visit(node: Unbash.SyntaxNode): void {
    if (node.type === 'Script' && 'errors' in node && node.errors) throw new Error(`no shell would take this: ${JSON.stringify(node.errors)}`);
    if (node.type === 'Function') {
      this.functions.set(node.name.value, node.body);
      return;
    }
    if (node.type === 'Command' && node.name) this.run([node.name, ...node.args].flatMap(word => word.type === 'Word' ? this.expand(word) : [word.text]));
    if (node.type === 'Assignment' && node.value.type === 'ArrayValue') this.arrays.set(node.name, node.value.elements.flatMap(word => this.expand(word)));
    forEachChild(node, child => this.visit(child));
  }

  /** A word with what the shell or the function was given in its place; several, or none, where it stands for all of that or for an array. */
  private expand({ parts = [], value }: Unbash.Word): string[] {
    const flat: Unbash.WordPart[] = parts.flatMap((part): readonly Unbash.WordPart[] => part.type === 'DoubleQuoted' ? part.parts : [part]);
    if (flat.length === 0) return [value];
    const [only] = flat;
    if (flat.length === 1 && (only.type === 'SimpleExpansion' || only.type === 'ParameterExpansion')) {
      const { parameter, index, operation } = partsOf(only);
      if (parameter === '@') return this.given.slice(operation?.type === 'Slice' ? Number(operation.offset.value) - 1 : 0);
      if (index?.value === '@' && !operation) return this.arrays.get(parameter) ?? [only.text];
    }
    return [flat.map(part => this.textOf(part)).join('')];
  }

  private textOf(part: Unbash.WordPart): string {
    if (part.type !== 'SimpleExpansion' && part.type !== 'ParameterExpansion') return 'value' in part ? part.value : part.text;
    const { parameter, operation } = partsOf(part);
    return (/^[1-9]$/.test(parameter) && !operation && this.given[Number(parameter) - 1]) || part.text;
  }

  private isBuiltin(name: string): boolean {
    return this.shell !== undefined && (BUILTINS.has(name) || (this.shell === 'bash' && BUILTINS_OF_BASH.has(name)));
  }
}

function partsOf(expansion: Unbash.SimpleExpansionPart | Unbash.ParameterExpansionPart): Pick<Unbash.ParameterExpansionPart, 'parameter' | 'index' | 'operation'> {
  return expansion.type === 'ParameterExpansion' ? expansion : { parameter: expansion.text.slice(1), index: undefined, operation: undefined };
}
