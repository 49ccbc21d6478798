import { placeOf } from './place';

/** Collects what is wrong with one thing, so that its user hears of everything at once. */
export class Problems {
  private readonly messages: string[] = [];

  public constructor(private readonly path: string) {}

  /** Notes `message` unless `holds`. */
  public check(holds: boolean, message: string): void {
    if (!holds) this.messages.push(`${placeOf(this.path)}: ${message}`);
  }

  /** Throws one error with a line for each problem, if there is any. */
  public throwIfAny(): void {
    if (this.messages.length > 0) throw new Error(this.messages.join('\n'));
  }
}
