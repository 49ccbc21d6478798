#!/bin/sh
# The original has "stream" built in, Debian's nginx has it as a module. Only one -g counts, so it joins that of the command.
directives='load_module /usr/lib/nginx/modules/ngx_stream_module.so;'
for argument; do
  shift
  case $argument in
    -g) directives="$directives $1" given=-g ;;
    *) if [ "${given:-}" ]; then given=; else set -- "$@" "$argument"; fi ;;
  esac
done
exec /usr/sbin/nginx -g "$directives" "$@"
