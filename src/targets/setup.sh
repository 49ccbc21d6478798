# shellcheck shell=dash
# A new volume belongs to root. Root without privileges gives each directory to its owner and to the group of all users,
# once: what has another owner already is left alone. The copy of busybox is renamed, since a running one cannot be written to.
#
# Whoever writes to a volume could put a link there that leads into another one. So no link is followed: each directory is
# entered, and only where that led to the directory itself it is changed, from within. What is none, those do without who mount it.
#
# TOOLS  directory for busybox; not there where nobody needs it
# GROUP  the group of all users
# Arguments: the number of each directory's owner, the volume, and the path in it.

set -e
if [ -d "$TOOLS" ]; then
  cp /bin/busybox "$TOOLS/.busybox"
  mv "$TOOLS/.busybox" "$TOOLS/busybox"
fi
while [ $# -gt 0 ]; do
  cd "/volumes/$2"
  rest=$3
  while [ -n "$rest" ]; do
    step=${rest%%/*}
    here=$(pwd -P)
    [ -e "$step" ] || [ -L "$step" ] || mkdir "$step"
    if ! [ -d "$step" ] || ! cd "./$step" || [ "$(pwd -P)" != "$here/$step" ]; then
      echo "$here/$step is left as it is: no directory, or a link to one"
      break
    fi
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
  done
  if [ -z "$rest" ] && [ "$(stat -c %u .)" = 0 ]; then
    chmod 2775 .
    chown "$1:$GROUP" .
  fi
  shift 3
done
