# shellcheck shell=sh
# fill_passwords TEMPLATE FILLED: writes the template with its passwords into the present directory, which must be in memory and the
# program's own. In the template, `@{name}` stands for the secret of that name. No password is ever on a command line, or on a disk.

fill_passwords() {
  : > passwords
  for name in $(grep -o '@{[^}]*}' "$1" | tr -d '@{}' | sort -u); do
    password=$(cat "/run/secrets/$name"; echo .) # clients take an end of line for a part of it
    password=${password%.}
    case $password in
      ''|*[!A-Za-z0-9._~-]*)
        echo "secret $name: only letters, digits and . _ ~ - are possible here, and no end of line" >&2
        exit 1 ;;
    esac
    echo "$name $password" >> passwords
  done
  # reads each line once, however many passwords there are
  awk 'NR == FNR { password[$1] = $2; next }
    {
      filled = ""
      while (match($0, /@[{][^}]*[}]/)) {
        filled = filled substr($0, 1, RSTART - 1) password[substr($0, RSTART + 2, RLENGTH - 3)]
        $0 = substr($0, RSTART + RLENGTH)
      }
      print filled $0
    }' passwords "$1" > "$2"
  rm passwords
}
