import { placeOf } from './place';

/** Collects what is wrong with one thing, so that its user hears of everything at once. */
export class Problems {
  private readonly _messages: string[] = [];

  public constructor(private readonly path: string) {}

  /** Everything that was noted, behind the path. */
  public get messages(): string[] {
    return [...this._messages];
  }

  /** Notes `message` unless `holds`, which is returned. */
  public check(holds: boolean, message: string): boolean {
    if (!holds) this._messages.push(onOneLine(`${placeOf(this.path)}: ${message}`));
    return holds;
  }

  /** Throws one error with a line for each problem, if there is any: where no application is there to keep them. */
  public throwIfAny(): void {
    if (this._messages.length > 0) throw new Error(this._messages.join('\n'));
  }
}

/** What was given may have line breaks, and one problem is one line. */
function onOneLine(text: string): string {
  return text.replace(/[\n\r]/g, character => JSON.stringify(character).slice(1, -1));
}
