import { HealthCheckKind } from '../../model/health-check';
import type { HealthFacts } from '../program-facts';

/**
 * What a health check of the engine asks for.
 * @param interpolate what the reader of the file makes of a text
 */
export function checkOf({ test: [, ...words], interval, timeout, retries }: any, interpolate: (text: string) => string): HealthFacts {
  const plain = words.map((word: string) => interpolate(word));
  const timing = { intervalSeconds: Number(interval.replace('s', '')), timeoutSeconds: Number(timeout.replace('s', '')), failures: retries };
  if (plain[0] !== '/conduit/busybox') return { kind: HealthCheckKind.COMMAND, words: plain, ...timing };
  const [, port] = /^PORT=(\d+)$/m.exec(plain[3])!;
  const [, path] = /^REQUEST='?([^'\n]*)'?$/m.exec(plain[3]) ?? [];
  if (path === undefined) return { kind: HealthCheckKind.TCP, port: Number(port), ...timing };
  return { kind: HealthCheckKind.HTTP, port: Number(port), path, ...timing };
}
