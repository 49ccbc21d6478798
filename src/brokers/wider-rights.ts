/** Something that a user may do beside what its right says, as the server cannot tell them apart. */
export interface WiderRight {
  /** What was granted. */
  readonly right: string;
  /** What the user may do, too. */
  readonly allows: string;
}
