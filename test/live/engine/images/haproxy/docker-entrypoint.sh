#!/bin/sh
# Options alone are for the program. It runs in the foreground, below a master process that can start it anew.
set -e
[ "${1#-}" = "${1:-}" ] || set -- haproxy "$@"
case ${1:-} in
  haproxy)
    shift
    exec haproxy -W -db "$@"
    ;;
esac
exec "$@"
