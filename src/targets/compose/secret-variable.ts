/** The library's own, so that no variable of a shell or of Compose itself is taken for a secret. */
const PREFIX = 'CONDUIT_SECRET_';

/** What the name of such a variable looks like. */
export const SECRET_VARIABLE = new RegExp(`^${PREFIX}[A-Z0-9_]+$`);

/** Variable in `.env` that holds a secret for images that can take nothing else; another one for each name. */
export function secretVariable(secretName: string): string {
  return PREFIX + secretName.replaceAll('-', '_').toUpperCase();
}
