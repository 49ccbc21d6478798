# shellcheck shell=sh
# Prepares what only the container knows, becomes the server, and has it read secrets again that changed, such as a certificate.
#
# RUN            directory: memory of the server's own
# CONFIGURATION  file: the configuration
# USERS          file: a line for each user, with the list that it is on, and a placeholder for the password

# Addresses of the container's own gateways: whoever comes through the host, and not to it, has one of them.
find_gateways() {
  {
    sed -n 's/^[^\t]*\t[^\t]*\t\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\([0-9A-F][0-9A-F]\)\t.*/0x\4 0x\3 0x\2 0x\1/p' /proc/net/route 2>/dev/null | while read -r a b c d; do
      printf '%d.%d.%d.%d 0;\n' "$a" "$b" "$c" "$d"
    done
    sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \(....\)\(....\)\(....\)\(....\)\(....\)\(....\)\(....\)\(....\) .*/\1:\2:\3:\4:\5:\6:\7:\8 0;/p' /proc/net/ipv6_route 2>/dev/null
  } | grep -v -e '^0\.0\.0\.0 ' -e '^0000:0000:0000:0000:0000:0000:0000:0000 ' | sort -u
}

# Lists of users with their passwords, in the form of the server.
write_users() {
  fill_passwords "$USERS" users
  for list in $(sed 's/ .*//' users | sort -u); do
    sed -n "s/^$list //p" users > "users-$list.new"
    mv "users-$list.new" "users-$list"
  done
  rm users
}

digest() {
  cat /run/secrets/* 2>/dev/null | sha256sum
}

# What does not fit together stays as it was, until it does: a certificate is written before or after its key.
watch_secrets() {
  seen=$(digest)
  while sleep 5; do
    now=$(digest)
    [ "$now" != "$seen" ] || continue
    if (write_users) && nginx -q -t -e stderr -c "$RUN/nginx.conf"; then
      kill -HUP $$
      seen=$now
      echo 'secrets changed, and are read again'
    fi
  done
}

set -eu
umask 077
cd "$RUN"
find_gateways > gateways.conf || true # there may be none
write_users
if [ -e /proc/net/if_inet6 ]; then
  cp "$CONFIGURATION" nginx.conf
else
  grep -v '^ *listen "\[::\]' "$CONFIGURATION" > nginx.conf
fi
for secret in /run/secrets/*; do
  [ -e "$secret" ] || continue
  watch_secrets &
  break
done
exec nginx -e stderr -c "$RUN/nginx.conf"
