// Every public constructor and method begins with the line that checks its arguments, and the table that it goes by is that of the API.
import * as library from 'cdk8s-conduit';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { API_TYPES, renderApiTypes } from '../../projenrc/api-types';
import { CALLS, STRUCTS } from '../../src/private/api-types.generated';

const ROOT = join(__dirname, '../..');
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
  .map(path => ts.createSourceFile(path, readFileSync(join(ROOT, 'src', path), 'utf8'), ts.ScriptTarget.ES2022, true));
const declarations = sources.flatMap(({ statements }) => [...statements]);
const isPublic = ({ name }: ts.ClassDeclaration | ts.InterfaceDeclaration) => name !== undefined && (name.text in library || name.text in STRUCTS);
const has = (node: ts.Node, ...kinds: ts.SyntaxKind[]) => ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kinds.includes(kind)) === true;
const isInternal = (node: ts.Node) => ts.getJSDocTags(node).some(tag => tag.tagName.text === 'internal');
const nameOf = ({ name, questionToken }: ts.ParameterDeclaration | ts.PropertySignature, initializer?: ts.Node) => `${(name as ts.Identifier).text}${questionToken || initializer ? '?' : ''}`;

/** Public constructors and methods that take something, by the names that the table has for them. */
const calls = new Map(declarations.filter(ts.isClassDeclaration).filter(isPublic).flatMap(declared => declared.members.flatMap(member => {
  const made = ts.isConstructorDeclaration(member);
  if (!(made || ts.isMethodDeclaration(member)) || member.parameters.length === 0 || isInternal(member)) return [];
  if (has(member, ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.AbstractKeyword)) return [];
  const call = made ? declared.name!.text : `${declared.name!.text}.${(member.name as ts.Identifier).text}`;
  return [[call, { member, first: member.body?.statements[0]?.getText(), line: `checkCall(${made ? 'new.target' : 'this'}, '${call}', arguments);` }] as const];
})));

test('each of them begins with the line that checks what it was given', () => {
  const without = [...calls.values()].filter(({ first, line }) => first !== line).map(({ line }) => line);
  expect(without).toEqual([]);
  expect(calls.size).toBeGreaterThan(100);
});

test('the table has them with their parameters, and no others; if not: npx projen compile', () => {
  const declared = [...calls].map(([call, { member }]) => [call, member.parameters.map(parameter => nameOf(parameter, parameter.initializer))]);
  expect(Object.fromEntries(Object.entries(CALLS).map(([call, parameters]) => [call, Object.keys(parameters)]))).toEqual(Object.fromEntries(declared));
});

test('the table has the structs that they take, with their properties; if not: npx projen compile', () => {
  const interfaces = new Map(declarations.filter(ts.isInterfaceDeclaration).map(declared => [declared.name.text, declared]));
  const propertiesOf = (name: string): string[] => {
    const { members, heritageClauses = [] } = interfaces.get(name)!;
    return [...members.filter(ts.isPropertySignature).map(member => nameOf(member)), ...heritageClauses.flatMap(({ types }) => types.flatMap(({ expression }) =>
      interfaces.has(expression.getText()) ? propertiesOf(expression.getText()) : []))];
  };
  const own = Object.keys(STRUCTS).filter(name => interfaces.has(name) && name !== 'SinglePassAppProps'); // which extends one of another package
  const sorted = (namesOf: (name: string) => string[]) => Object.fromEntries(own.map(name => [name, [...new Set(namesOf(name))].sort()]));
  expect(sorted(name => Object.keys(STRUCTS[name]))).toEqual(sorted(propertiesOf));
  expect(own.length).toBeGreaterThan(60);
});

// reason to skip it: before the library is compiled there is no assembly; CI has compiled it
(existsSync(join(ROOT, '.jsii')) || process.env.CI ? test : test.skip)('the table is what the assembly says; if not: npx projen compile', () => {
  expect(readFileSync(API_TYPES, 'utf8')).toBe(renderApiTypes(library));
});
