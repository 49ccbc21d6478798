#!/bin/sh
if [ "$PWD" = /root ] && [ "$HOME" != /root ]; then cd "$HOME"; fi
[ $# -gt 0 ] || set -- /bin/sh -l
exec "$@"
