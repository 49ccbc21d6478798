export interface EventuallyOptions {
  /** What is awaited, for the error. */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Repeats a check until it neither throws nor gives `false`, and gives its result. */
export async function eventually<T>(check: () => T | Promise<T>, options: EventuallyOptions): Promise<Exclude<T, false>> {
  const { what, timeoutMs = 30_000, intervalMs = 250 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure = 'the check gave false';
    try {
      const result = await check();
      if (result !== false) return result as Exclude<T, false>;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() >= deadline) throw new Error(`${what}: not within ${timeoutMs} ms; last: ${failure}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
