const WORD = 'password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key';
const SETTING = new RegExp(`^\\s*["']?(?:[\\w.-]*[_.-])?(${WORD})["']?\\s*[:=]\\s*(["']?)([^\\s"',;]+)\\2\\s*[,;]?\\s*$`, 'i');
const URL_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^/@\s:"']*:([^/@\s"']+)@/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** What names a value, such as a variable, a placeholder, a path or a call; and what is too plain for a secret. */
const NO_SECRET = /[${(%<]|^[@/!]|^(env|file|vault|secretref)\b|^(true|false|null|none|yes|no|on|off|\d+)$/i;

/** Files of programs, where a name behind an equals sign is a variable. */
const PROGRAM = /\.(py|rb|pl|php|lua|sh|go|[cm]?[jt]s)$/;

/** Says of a config file in which line it holds what looks like a secret, and what that is; undefined if it holds none. */
export function findSecret(path: string, text: string): string | undefined {
  if (!new RegExp(`${WORD}|PRIVATE KEY|://`, 'i').test(text)) return undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const where = `line ${index + 1}`;
    if (PRIVATE_KEY.test(line)) return `a private key in ${where}`;
    const inUrl = URL_PASSWORD.exec(line)?.[1];
    if (inUrl !== undefined && !NO_SECRET.test(inUrl)) return `a URL with a password in ${where}`;
    const [, word, quote, value] = SETTING.exec(line) ?? [];
    if (value !== undefined && !NO_SECRET.test(value) && (quote !== '' || !PROGRAM.test(path))) return `a ${word.toLowerCase()} in ${where}`;
  }
  return undefined;
}

/** A variable named like a credential, or a URL with a password in it. */
export function looksSecret(name: string, text: string): boolean {
  return /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)$/i.test(name) || /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i.test(text);
}
