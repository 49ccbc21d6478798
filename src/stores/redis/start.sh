# shellcheck shell=dash
# Becomes the server, whose users are in storage: those of grants, as they were last made, and the administrator, whose password may be another one now.
# What is stored is left as it is where this server cannot read it, or would lose it.
#
# DATA                         directory of what is stored
# CONFIGURATION                file
# CACHE                        not empty if keys are lost when the server ends
# ADMIN, ADMIN_PASSWORD_FILE   who provisions

set -eu
umask 077
cd "$DATA"
is=$(redis-server --version)
product=${is%% *}
version=${is#*v=}
version=${version%%.*}

refuse() {
  echo "refused: $1. Nothing was changed" >&2
  exit 1
}

if [ -d appendonlydir ]; then
  [ -z "$CACHE" ] || refuse "keys are stored here, and a cache would lose them. Leave out 'cache', or make a cache of another id"
  if [ -e stored-by ]; then
    read -r stored_product stored_version < stored-by
    if [ "$product" != "$stored_product" ] || [ "$version" -lt "$stored_version" ]; then
      refuse "what is stored here is of $stored_product $stored_version, which $product $version cannot read. Give the image of $stored_product $stored_version back by 'images: { replace: { valkey: … } }'; to change, make a server of another id, and copy the keys"
    fi
  fi
fi
echo "$product $version" > stored-by

hash=$(printf %s "$(cat "$ADMIN_PASSWORD_FILE")" | sha256sum)
{
  echo "user default reset"
  echo "user $ADMIN on #${hash%% *} ~* &* +@all"
  [ ! -e users.acl ] || sed -e '/^user default /d' -e "/^user $ADMIN /d" users.acl
} > users.acl.new
mv users.acl.new users.acl
exec redis-server "$CONFIGURATION"
