// Writes src/private/api-types.generated.ts: what each public call takes, read from the assembly that jsii made. The second step of `npx projen compile`.
import { spawnSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const OWN = 'cdk8s-conduit';
const load = createRequire(__filename);

/** The committed table. */
export const API_TYPES = join(ROOT, 'src/private/api-types.generated.ts');

/** What is read of an assembly. @see https://github.com/aws/jsii/blob/main/packages/%40jsii/spec/lib/assembly.ts */
interface Assembly {
  readonly name: string;
  readonly types: Record<string, Type>;
}
interface Type {
  readonly kind: 'class' | 'enum' | 'interface';
  readonly name: string;
  readonly fqn: string;
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly interfaces?: string[];
  readonly initializer?: Callable;
  readonly methods?: Callable[];
  readonly properties?: Value[];
}
interface Callable {
  readonly name?: string;
  readonly docs?: Docs;
  readonly static?: boolean;
  readonly abstract?: boolean;
  readonly protected?: boolean;
  readonly parameters?: Value[];
  readonly returns?: { readonly type: Reference };
}
interface Docs {
  readonly subclassable?: boolean;
  readonly custom?: Record<string, string>;
}
interface Value {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: Reference;
}
interface Reference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: Reference };
}

/** A package's assembly. */
function readAssembly(directory: string): Assembly {
  return JSON.parse(readFileSync(join(directory, '.jsii'), 'utf8'));
}

/** A package as it is at run time. */
export type Library = Record<string, unknown>;

/** The table as it should be; the values of enumerations are in no assembly, so they are read from the package itself. */
export function renderApiTypes(library: Library): string {
  const dependencies = ['cdk8s', 'constructs'];
  const packages: Record<string, Library> = { [OWN]: library, ...Object.fromEntries(dependencies.map(name => [name, load(name)])) };
  const own = readAssembly(ROOT);
  const types = Object.assign({}, own.types, ...dependencies.map(name => readAssembly(join(ROOT, 'node_modules', name)).types)) as Record<string, Type>;
  const reached = new Set<string>();

  const nameOf = (fqn: string) => fqn.startsWith(`${OWN}.`) ? fqn.slice(OWN.length + 1) : fqn;
  /** As `Port[]`, `EnvValue{}` or `string`. */
  const notation = ({ primitive, fqn, collection }: Reference): string => {
    if (collection) return `${notation(collection.elementtype)}${collection.kind === 'array' ? '[]' : '{}'}`;
    if (primitive) return primitive;
    if (!fqn) throw new Error('a value of the API has a type that is neither a primitive, nor a collection, nor has a name');
    reached.add(fqn);
    return nameOf(fqn);
  };
  const values = (of: Value[]) => Object.fromEntries(of.map(({ name, optional, type }) => [optional ? `${name}?` : name, notation(type)]));
  /** With what a type inherits from interfaces. */
  const inherited = (fqn: string): Type[] => [types[fqn], ...(types[fqn].interfaces ?? []).flatMap(inherited)];

  const calls: Record<string, object> = {};
  for (const { kind, name, initializer, methods = [] } of Object.values(own.types)) {
    if (kind !== 'class') continue;
    const made = initializer && initializer.docs?.custom?.internal === undefined ? [{ ...initializer, name: undefined }] : [];
    for (const callable of [...made, ...methods] as Callable[]) {
      if (callable.protected || callable.abstract || !callable.parameters?.length) continue;
      calls[callable.name === undefined ? name : `${name}.${callable.name}`] = values(callable.parameters);
    }
  }
  const tables = { structs: {}, openStructs: [], enums: {}, interfaces: {}, factories: {} } as
    Record<'structs' | 'enums' | 'interfaces' | 'factories', Record<string, unknown>> & { openStructs: string[] };
  for (const fqn of reached) { // grows while it is read
    const { kind, name, datatype, docs, initializer, methods = [] } = types[fqn];
    if (kind === 'enum') {
      tables.enums[nameOf(fqn)] = packages[fqn.slice(0, -name.length - 1)][name];
    } else if (datatype) {
      tables.structs[nameOf(fqn)] = values(inherited(fqn).flatMap(each => each.properties ?? []));
      if (docs?.subclassable) tables.openStructs.push(nameOf(fqn));
    } else if (kind === 'interface') {
      const members = inherited(fqn).flatMap(each => [...each.properties ?? [], ...each.methods ?? []] as Value[]);
      tables.interfaces[nameOf(fqn)] = [...new Set(members.filter(({ optional }) => !optional).map(member => member.name))].sort();
    } else if (!initializer) {
      const factories = methods.filter(method => method.static && method.returns?.type.fqn === fqn);
      tables.factories[nameOf(fqn)] = Object.fromEntries(factories.map(({ name: factory, parameters = [] }) => [
        factory!, parameters.filter(({ optional }) => !optional).map(({ type }) => notation(type)).join(', '),
      ]));
    }
  }
  return `// Generated from the assembly of the public API by "npx projen compile". Do not edit.
/* eslint-disable */

/** What each public constructor and method takes; those behind a question mark may be left out. */
${table('CALLS', 'Record<string, Record<string, string>>', sorted(calls))}
/** Structs, and the types of their properties. */
${table('STRUCTS', 'Record<string, Record<string, string>>', sorted(tables.structs))}
/** Structs that others extend, and hand over whole. */
${table('OPEN_STRUCTS', 'string[]', tables.openStructs.sort())}
/** Enumerations with their values. */
${table('ENUMS', 'Record<string, Record<string, string | number>>', sorted(tables.enums))}
/** What an object must have to count as one that implements an interface. */
${table('INTERFACES', 'Record<string, string[]>', sorted(tables.interfaces))}
/** Classes whose objects static methods make, and what these cannot do without. */
${table('FACTORIES', 'Record<string, Record<string, string>>', sorted(tables.factories))}`;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}

/** An exported constant with an entry on each line. */
function table(name: string, type: string, content: object): string {
  const literal = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
    if (typeof value !== 'object') return typeof value === 'string' ? `'${value}'` : `${value}`;
    return `{ ${Object.entries(value!).map(([key, each]) => `${keyOf(key)}: ${literal(each)}`).join(', ')} }`;
  };
  const keyOf = (key: string) => /^\w+$/.test(key) ? key : `'${key}'`;
  const lines = Array.isArray(content) ? content.map(each => `  ${literal(each)},\n`) : Object.entries(content).map(([key, each]) => `  ${keyOf(key)}: ${literal(each)},\n`);
  const [open, close] = Array.isArray(content) ? '[]' : '{}';
  return `export const ${name}: ${type} = ${open}\n${lines.join('')}${close};\n`;
}

if (require.main === module) {
  const before = readFileSync(API_TYPES, 'utf8');
  const now = renderApiTypes(load('../lib'));
  if (now !== before) {
    writeFileSync(API_TYPES, now);
    console.error('the public API has changed, and with it src/private/api-types.generated.ts; compiling that, too');
    process.exitCode = spawnSync('jsii', process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
  }
}
