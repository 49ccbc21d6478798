/** A variable named like a credential, or a URL with a password in it. */
export function looksSecret(name: string, text: string): boolean {
  return /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)$/i.test(name) || /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i.test(text);
}
