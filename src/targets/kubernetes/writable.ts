import type { Manifest } from './plain';
import { Problems } from '../../private/problems';

/** Texts, as JSON, which the `App` of cdk8s writes so that they are read as a number, or not at all. */
const MISREAD = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]|"[-+]?0o[0-7]+"/;

/** @throws if the `App` of cdk8s would write one of these objects so that something else is read. */
export function requireWritable(application: string, manifests: Manifest[]): void {
  const problems = new Problems(application);
  for (const manifest of manifests) {
    const [found] = MISREAD.exec(JSON.stringify(manifest)) ?? [];
    const what = found?.startsWith('"') ? `the text ${found}, which would be read as a number` : `the character U+${found?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}, which cannot be read`;
    problems.check(found === undefined, `${manifest.kind} '${manifest.metadata.name}' has ${what} when the App of cdk8s writes it; put the chart into a SinglePassApp`);
  }
  problems.throwIfAny();
}
