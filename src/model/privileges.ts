import { checkCall } from '../private/check-call';

/** Why a program starts as root. */
export interface RootThenDropOptions {
  /** What it needs root for, for those who read the fidelity report. */
  readonly reason: string;
}

/** What a program may do that no program may by default. */
export class Privileges {
  /**
   * The program starts as root, gives its files away, and goes on as the container's `uid` by itself. Until then it has the capabilities CHOWN,
   * DAC_OVERRIDE, FOWNER, SETGID and SETUID, and no other. Each target reports it, as it leaves what Pod Security calls *restricted*.
   * @throws if there is no reason.
   */
  public static rootThenDrop(options: RootThenDropOptions): Privileges {
    checkCall(this, 'Privileges.rootThenDrop', arguments);
    if (options.reason.trim() === '') throw new Error("privileges: 'reason' must say what the program needs root for, got ''");
    return new Privileges(options.reason);
  }

  private constructor(
    /** What they are needed for. */
    public readonly reason: string,
  ) {}

  /** Capabilities with which the program starts, in the order of their names. */
  public get capabilities(): string[] {
    return ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];
  }
}
