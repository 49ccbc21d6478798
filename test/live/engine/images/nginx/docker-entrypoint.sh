#!/bin/sh
# Hands over to the command. Before a server is started, the executable files of a folder have their turn, in the order of their names;
# those that end in .envsh are read, so that what they export stays.
set -e

prepare() {
  for file in "$(dirname "$0")"/docker-entrypoint.d/*; do
    [ -x "$file" ] || continue
    case $file in
      *.envsh) . "$file" ;;
      *.sh) "$file" ;;
    esac
  done
}

case ${1:-} in
  nginx | nginx-debug) prepare ;;
esac
exec "$@"
