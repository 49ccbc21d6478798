/** A label of RFC 1035: the strictest form that every target takes for a host name. */
const DNS_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** True for lower-case letters, digits and hyphens, beginning with a letter, of at most `limit` characters. */
export function isDnsLabel(text: string, limit = 63): boolean {
  return text.length <= limit && DNS_LABEL.test(text);
}

/** True for labels of lower-case letters, digits and hyphens between dots, of at most 253 characters. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text);
}

/** True for the scheme of a URL, in lower case. */
export function isScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*$/.test(text);
}

/** `OrdersDead` becomes `orders-dead`; what is no letter or digit becomes a hyphen. */
export function kebabCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

/** `task-queue` becomes `TASK_QUEUE`. */
export function variableName(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}

/** True for a name that a program can find in its environment on every target; not all of them can be used in a shell. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text);
}

/** True for what names of variables may begin with that any program can use, shells included. */
export function isVariablePrefix(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

export const VARIABLE_RULE = "letters, digits, '_', '.' and '-', beginning with a letter or '_'";

/** What is in a text that no file and no argument of a program can hold; undefined if it is nothing. */
export function findUnwritable(text: string): string | undefined {
  return text.includes('\0') ? 'the character U+0000, which would end it' : /\p{Surrogate}/u.test(text) ? 'half a character, a surrogate without the other one' : undefined;
}

/** What `isAbsolutePath` asks for, in words. */
export const PATH_RULE = "an absolute path without a final slash, '..', ':' and '$'";

/** True for an absolute path in its shortest form, without characters that mean something to a target. */
export function isAbsolutePath(path: string): boolean {
  return /^\/.*[^/]$/.test(path) && !/\/(\.{0,2})(\/|$)/.test(path) && !/[\0\n:$]|\p{Surrogate}/u.test(path);
}

/** True for a relative path that stays below the directory that it is relative to. */
export function isPathBelow(path: string): boolean {
  return path.length > 0 && isAbsolutePath(`/${path}`);
}

/** Whether an absolute path is below another one. */
export function isWithin(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`);
}

/** Orders strings by code unit: the same on every machine, whatever its locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
