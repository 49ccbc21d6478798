/** The library's own, so that no variable of a shell or of Compose itself is taken for a secret. */
const PREFIX = 'CONDUIT_SECRET_';

/** What the name of such a variable looks like. */
export const SECRET_VARIABLE = new RegExp(`^${PREFIX}[A-Z0-9_]+$`);

/** Variable that holds a secret for images that can take nothing else, or for a text that it stands in; another one for each name. */
export function secretVariable(secretName: string): string {
  return PREFIX + secretName.replaceAll('-', '_').toUpperCase();
}
