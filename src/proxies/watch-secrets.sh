# shellcheck shell=sh
# watch_secrets: looks beside the server, where there are secrets, whether these changed, and then runs "renew" of whoever calls it.
# What does not fit together stays as it was, until it does: a certificate is written before or after its key.

digest() {
  cat /run/secrets/* 2>/dev/null | sha256sum
}

watch_changes() {
  seen=$(digest)
  while sleep 5; do
    now=$(digest)
    [ "$now" != "$seen" ] || continue
    if renew; then
      seen=$now
      echo 'secrets changed, and are read again'
    fi
  done
}

watch_secrets() {
  for secret in /run/secrets/*; do
    [ -e "$secret" ] || continue
    watch_changes &
    break
  done
}
