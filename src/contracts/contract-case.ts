/** Something that must be true. */
export interface IContractCase {
  /** What must be true, as a sentence. */
  readonly statement: string;
  /**
   * Finds out.
   * @throws an error that says what was expected and what was found.
   */
  check(): void;
}
