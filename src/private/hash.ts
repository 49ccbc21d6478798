import { createHash } from 'crypto';

/** The first `length` hexadecimal digits of the SHA-256 of `text`. */
export function shortHash(text: string, length = 10): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** `text` itself when it has at most `limit` characters, otherwise its beginning and a hash of the whole. */
export function withinLimit(text: string, limit = 63): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 9).replace(/-+$/, '')}-${shortHash(text, 8)}`;
}
