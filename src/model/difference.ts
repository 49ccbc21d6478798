/** Something that is otherwise than declared on every target, as what is declared cannot be had more exactly. */
export interface Difference {
  /** Path of the construct that it is about. */
  readonly path: string;
  /** What is declared. */
  readonly feature: string;
  /** What is different, and why. */
  readonly reason: string;
}
