/**
 * A shell program as a container is given it: texts of files, after what they are told, as variables. Values are never put into a text, so that
 * the files are checked and run as they are.
 */
export function program(variables: Record<string, string | number>, ...texts: string[]): string {
  return [...Object.entries(variables).map(([name, value]) => `${name}=${quote(`${value}`)}\n`), ...texts].join('');
}

function quote(value: string): string {
  return /^[\w.,:=/@%+-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
