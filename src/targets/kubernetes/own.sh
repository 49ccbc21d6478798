# shellcheck shell=dash
# Makes directories of volumes, as their owner, whose group is that of all users. What is there already is left alone. A writer could
# have put a link there that leads into another volume, so no link is followed.
#
# VOLUMES  directory with the volumes
# Arguments: the volume, and the path in it, of each directory.

set -e
while [ $# -gt 0 ]; do
  cd "$VOLUMES/$1"
  rest=$2
  while [ -n "$rest" ]; do
    step=${rest%%/*}
    here=$(pwd -P)
    if ! [ -e "$step" ] && ! [ -L "$step" ]; then
      # another pod may do the same at the same time
      if mkdir "$step"; then chmod 2775 "$step"; else [ -d "$step" ]; fi
    fi
    if ! [ -d "$step" ] || ! cd "./$step" || [ "$(pwd -P)" != "$here/$step" ]; then
      echo "$here/$step is left as it is: no directory, or a link to one"
      break
    fi
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
  done
  shift 2
done
