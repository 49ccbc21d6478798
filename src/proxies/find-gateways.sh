# shellcheck shell=sh
# list_proxies: addresses of what is in front of the container and tells who clients are, one a line. It has its own for whom it does not know.
# find_gateways: addresses of the container's own gateways, one a line. Whoever comes through the host, and not to it, has one of them.

find_gateways() {
  {
    sed -n 's/^[^\t]*\t[^\t]*\t\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\t.*/0x\4 0x\3 0x\2 0x\1/p' /proc/net/route 2>/dev/null | while read -r a b c d; do
      printf '%d.%d.%d.%d\n' "$a" "$b" "$c" "$d"
    done
    sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \(....\)\(....\)\(....\)\(....\)\(....\)\(....\)\(....\)\(....\) .*/\1:\2:\3:\4:\5:\6:\7:\8/p' /proc/net/ipv6_route 2>/dev/null
  } | grep -v -e '^0\.0\.0\.0$' -e '^0000:0000:0000:0000:0000:0000:0000:0000$' | sort -u
}
list_proxies() {
  for address in ${PROXY_PROTOCOL_SOURCES:-}; do
    echo "$address"
  done
}
