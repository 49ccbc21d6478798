# shellcheck shell=dash disable=SC2154
# Asks over a connection, which is its standard input and output, and succeeds where the kubelet takes the answer for healthy:
# from 200 to 399, where a redirect to the same host is followed, and one to another host is not. As the kubelet, it checks no certificate.
#
# HEADERS  lines of the request, each with its end
#
# Argument 0 is this text, to go on with at another place.
# Arguments: the host that was asked first, host and port, path, seconds for one attempt to connect, a dot for each redirect so far,
# http or https, and the Host header.

host=$1
at=$2
path=$3
scheme=$6
name=$7
end=$(printf '\r')

ask() { printf 'GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n' "$path" "$name" "$HEADERS"; }

understand() {
  code=100
  while [ "$code" -lt 200 ]; do
    read -r protocol code _ || exit 1
    code=${code%"$end"}
    case $protocol/$code in
      HTTP/1.[01]/[1-5][0-9][0-9]) ;;
      *) exit 1 ;;
    esac
    location=
    while IFS= read -r line || exit 1; do
      line=${line%"$end"}
      case $line in
        '') break ;;
        [Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]:*) location=${line#*:} ;;
      esac
    done
  done

  # without the blanks around it
  location=${location#"${location%%[! ]*}"}
  location=${location%"${location##*[! ]}"}
  case $code in
    30[12378]) [ -n "$location" ] || exit 0 ;;
    [23]??) exit 0 ;;
    *) exit 1 ;;
  esac

  case $location in
    http://* | https://* | //*)
      rest=${location#*//}
      [ "$rest" = "${location#//}" ] || scheme=${location%%:*}
      at=${rest%%[/?#]*}
      path=${rest#"$at"}
      at=${at##*@}
      [ "${at%:*}" = "$host" ] || exit 0
      name=$at
      ;;
    /*) path=$location ;;
    '?'*) path=${path%%'?'*}$location ;;
    *)
      path=${path%%'?'*}
      path=${path%/*}/$location
      ;;
  esac
  path=${path%%#*}
  case $path in
    /*) ;;
    *) path=/$path ;;
  esac
  [ "${#5}" -lt 9 ] || exit 1
  port=${at#"$host"}
  port=${port#:}
  case $scheme in
    https) usual=443 ;;
    *) usual=80 ;;
  esac
  exec /conduit/busybox nc -w "$4" "$host" "${port:-$usual}" -e /conduit/busybox sh -c "$0" "$0" "$host" "$at" "$path" "$4" "$5." "$scheme" "$name"
}

case $scheme in
  https)
    exec 3<&0
    ask | /conduit/busybox ssl_client -s 3 | understand "$@"
    ;;
  *)
    ask
    understand "$@"
    ;;
esac
