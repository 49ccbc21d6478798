import { nearest } from './nearest';

/** A piece of a filled template: text of its own, or a value. */
export interface TemplatePart<T> {
  readonly text?: string;
  readonly value?: T;
}

/**
 * Puts values into the places `{name}` of a template; a doubled brace is one brace.
 * @throws if a name has no value, a value no place, or a brace no partner; all of it together.
 */
export function fillTemplate<T>(call: string, template: string, values: Record<string, T>): TemplatePart<T>[] {
  const parts: TemplatePart<T>[] = [];
  const used = new Set<string>();
  const problems: string[] = [];
  for (const [piece, name] of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (name === undefined) {
      if (piece === '{' || piece === '}') problems.push(`${call}: '${piece}' stands alone in the template; write '${piece}${piece}' for the character itself`);
      parts.push({ text: piece === '{{' || piece === '}}' ? piece[0] : piece });
    } else if (Object.hasOwn(values, name)) {
      used.add(name);
      parts.push({ value: values[name] });
    } else {
      const likely = nearest(name, Object.keys(values));
      problems.push(`${call}: '${piece}' has no value${likely === undefined ? '' : `; there is '${likely}'`}; give one, or write '{${piece}}' for the text itself`);
    }
  }
  for (const name of Object.keys(values)) if (!used.has(name)) problems.push(`${call}: the value '${name}' has no place '{${name}}' in the template; add the place, or leave the value out`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return parts;
}
