import { execFile } from 'node:child_process';

/** What a command left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly timeoutMs?: number;
  /** What it reads. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program and tells how it ended.
 *
 * @throws when it did not end by itself, or could not be started.
 */
export function attempt(program: string, args: readonly string[], { timeoutMs = 60_000, input, env = process.env }: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, env }, (error, stdout, stderr) => {
      if (error?.killed) {
        reject(new Error(`${program} ${args.join(' ')}: not done after ${timeoutMs} ms\n${stderr}`));
      } else if (error && typeof error.code !== 'number') {
        reject(error);
      } else {
        resolve({ code: Number(error?.code ?? 0), stdout: stdout.trim(), stderr: stderr.trim() });
      }
    });
    child.stdin!.on('error', () => {}); // of a program that does not read to the end
    child.stdin!.end(input);
  });
}

/** Runs a program that has to succeed, and gives what it wrote. */
export async function command(program: string, args: readonly string[], options?: CommandOptions): Promise<string> {
  const outcome = await attempt(program, args, options);
  if (outcome.code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${outcome.code}\n${outcome.stderr}`);
  return outcome.stdout;
}

/** Runs a program that has to succeed, and gives the JSON that it wrote. */
export async function commandJson(program: string, args: readonly string[], options?: CommandOptions): Promise<any> {
  return JSON.parse(await command(program, args, options));
}
