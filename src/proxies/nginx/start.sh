# shellcheck shell=sh
# Prepares what only the container knows, becomes the server, and has it read secrets again that changed, such as a certificate.
#
# RUN            directory: memory of the server's own
# CONFIGURATION  file: the configuration
# USERS          file: a line for each user, with the list that it is on, and a placeholder for the password
# DNS_SUFFIX     what follows the names of workloads in their full names
# PROXY_PROTOCOL_SOURCES  addresses, with blanks between: who is believed to say who a client is
# find_gateways   find-gateways.sh has it
# watch_secrets   watch-secrets.sh has it
# fill_passwords  fill-passwords.sh has it

# Lists of users with their passwords, in the form of the server.
write_users() {
  fill_passwords "$USERS" users
  sed 's/ .*//' users | sort -u | while read -r list; do
    sed -n "s/^$list //p" users > "users-$list.new"
    mv "users-$list.new" "users-$list"
  done
  rm users
}

renew() {
  (write_users) && nginx -q -t -e stderr -c "$RUN/nginx.conf" && kill -HUP $$
}

set -eu
umask 077
cd "$RUN"
list_proxies > proxies
sed 's/.*/set_real_ip_from &;/' proxies > proxies.conf
{ find_gateways; cat proxies; } | sort -u | sed 's/$/ 0;/' > gateways.conf
write_users
sed "s/@{dnsSuffix}/$DNS_SUFFIX/g" "$CONFIGURATION" > complete.conf
if [ -e /proc/net/if_inet6 ]; then
  mv complete.conf nginx.conf
else
  grep -v '^ *listen "\[::\]' complete.conf > nginx.conf
fi
watch_secrets
exec nginx -e stderr -c "$RUN/nginx.conf"
