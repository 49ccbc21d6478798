/**
 * Shell lines that fill the passwords into a template, in the present directory, which must be in memory and the program's own.
 * In the template, `@{name}` stands for the secret of that name. No password is ever on a command line, or on a disk.
 */
export function fillPasswords(template: string, filled: string): string {
  return `: > passwords.sed
for name in $(grep -o '@{[^}]*}' ${template} | tr -d '@{}' | sort -u); do
  password=$(cat "/run/secrets/$name")
  case $password in
    ''|*[!A-Za-z0-9._~-]*)
      echo "secret $name: only letters, digits and . _ ~ - are possible here" >&2
      exit 1 ;;
  esac
  printf 's/@{%s}/%s/g\\n' "$name" "$password" >> passwords.sed
done
sed -f passwords.sed ${template} > ${filled}
rm passwords.sed`;
}
