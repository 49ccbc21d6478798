import { StartPosition } from '../brokers/broker';
import { checkCall } from '../private/check-call';

/** Where in a stream a reader begins that was never there before. */
export class StartFrom {
  /** With the oldest event that is still there. */
  public static beginning(): StartFrom {
    return new StartFrom(StartPosition.BEGINNING);
  }

  /** With the first event that is published after the stream knows of the reader. */
  public static latest(): StartFrom {
    return new StartFrom(StartPosition.LATEST);
  }

  /**
   * With the first event of that time or later.
   * @param time in ISO 8601 with seconds and zone, such as `2026-01-31T12:00:00Z`
   * @throws if it is no such time.
   */
  public static time(time: string): StartFrom {
    checkCall(this, 'StartFrom.time', arguments);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time) || Number.isNaN(Date.parse(time))) {
      throw new Error(`start of reading: the time must be in ISO 8601 such as 2026-01-31T12:00:00Z, got '${time}'`);
    }
    return new StartFrom(StartPosition.TIME, new Date(time).toISOString());
  }

  /**
   * With the event of that number; how events are counted is the broker's matter.
   * @throws if it is no whole number of 0 or more.
   */
  public static offset(offset: number): StartFrom {
    checkCall(this, 'StartFrom.offset', arguments);
    if (!Number.isInteger(offset) || offset < 0) throw new Error(`start of reading: the offset must be a whole number of 0 or more, got ${offset}`);
    return new StartFrom(StartPosition.OFFSET, `${offset}`);
  }

  private constructor(
    /** Kind of the place. */
    public readonly position: StartPosition,
    /** The time or the offset. */
    public readonly at?: string,
  ) {}
}
