# shellcheck shell=sh
# Prepares what only the container knows, becomes the server, and has it read secrets again that changed, such as a certificate.
#
# RUN             directory: memory of the server's own
# CONFIGURATION   file: the configuration
# USERS           file: lists of users, with placeholders for passwords
# DNS_SUFFIX      what follows the names of workloads in their full names
# CHAIN, KEY      files: the certificate and its key; empty without TLS
# PROXY_PROTOCOL_SOURCES  addresses, with blanks between: who is believed to say who a client is
# find_gateways   find-gateways.sh has it
# watch_secrets   watch-secrets.sh has it
# fill_passwords  fill-passwords.sh has it

# The server wants certificate and key in one file.
write_secrets() {
  fill_passwords "$USERS" "users.$1"
  [ -z "$CHAIN" ] || cat "$CHAIN" "$KEY" > "certificate.$1"
}

# What is not right stays aside, and the server goes on with what it has.
renew() {
  (
    write_secrets new
    sed "s#$RUN/certificate.pem#$RUN/certificate.new#" haproxy.cfg > haproxy.new
    haproxy -c -f haproxy.new -f users.new > check || exit 1
    mv users.new users.cfg
    [ -z "$CHAIN" ] || mv certificate.new certificate.pem
  ) && kill -USR2 $$
}

set -eu
umask 077
cd "$RUN"
list_proxies > proxies
{ find_gateways || true; cat proxies; } > gateways # there may be none
write_secrets first
mv users.first users.cfg
[ -z "$CHAIN" ] || mv certificate.first certificate.pem
sed "s/@{dnsSuffix}/$DNS_SUFFIX/g" "$CONFIGURATION" > complete.cfg
if [ -e /proc/net/if_inet6 ]; then
  mv complete.cfg haproxy.cfg
else
  grep -v '^ *bind \[::\]' complete.cfg > haproxy.cfg
fi
watch_secrets
exec haproxy -W -db -f haproxy.cfg -f users.cfg
