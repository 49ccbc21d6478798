# shellcheck shell=sh
# fill_passwords TEMPLATE FILLED: writes the template with its passwords into the present directory, which must be in memory and the
# program's own. In the template, `@{name}` stands for the secret of that name. No password is ever on a command line, or on a disk.

fill_passwords() {
  : > passwords.sed
  for name in $(grep -o '@{[^}]*}' "$1" | tr -d '@{}' | sort -u); do
    password=$(cat "/run/secrets/$name"; echo .) # clients take an end of line for a part of it
    password=${password%.}
    case $password in
      ''|*[!A-Za-z0-9._~-]*)
        echo "secret $name: only letters, digits and . _ ~ - are possible here, and no end of line" >&2
        exit 1 ;;
    esac
    printf 's/@{%s}/%s/g\n' "$name" "$password" >> passwords.sed
  done
  sed -f passwords.sed "$1" > "$2"
  rm passwords.sed
}
