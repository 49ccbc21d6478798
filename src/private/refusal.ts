/** A feature that somebody asked for and does not get. */
interface Refusal {
  /** What asks, in the words of the program. */
  readonly property: string;
  readonly feature: string;
  /** What was asked. */
  readonly product: string;
  readonly reason: string;
  /** What has the feature, by the names that a program writes. */
  readonly able: string[];
  /** What to do where none of these is wanted. */
  readonly remedy: string;
}

/** The sentence by which a feature is refused. */
export function refusalSentence({ property, feature, product, reason, able, remedy }: Refusal): string {
  const others = able.length > 0 ? `use ${able.join(' or ')}, or ` : '';
  return `${property} (${feature}) cannot be had on ${product}: ${reason}; ${others}${remedy}`;
}
