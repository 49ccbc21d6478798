# shellcheck shell=dash
# A new volume belongs to root. Root without privileges gives each directory to its writer and to the group of all users,
# once: what has another owner already is left alone. The copy of busybox is renamed, since a running one cannot be written to.
#
# TOOLS  directory for busybox; not there where nobody needs it
# GROUP  the group of all users
# Arguments: the number of each directory's writer, and the directory.

set -e
if [ -d "$TOOLS" ]; then
  cp /bin/busybox "$TOOLS/.busybox"
  mv "$TOOLS/.busybox" "$TOOLS/busybox"
fi
while [ $# -gt 0 ]; do
  mkdir -p "$2"
  if [ "$(stat -c %u "$2")" = 0 ]; then
    chmod 2775 "$2"
    chown "$1:$GROUP" "$2"
  fi
  shift 2
done
