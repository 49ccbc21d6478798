#!/bin/sh
# Starts like the official image: root gives the data away and becomes redis, any other user stays.
set -e
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
  fi
  # which the official image is compiled without
  case $* in *protected-mode*) ;; *) set -- "$@" --protected-mode no ;; esac
fi
exec "$@"
