#!/usr/bin/env bash
# Brings up a private Docker Engine with stand-in images, for a Debian machine that reaches a Debian mirror and the registries of
# Go, Maven and Python packages, but neither a container engine nor a container registry. Safe to run again at any time:
#
#   eval "$(test/live/engine/up.sh)"
#
# In a script that must stop when this fails: exports=$(test/live/engine/up.sh) && eval "$exports"
#
# Standard output carries the exports only, progress goes to standard error. Everything lives in one
# cache folder and in one network namespace, so no other engine on the machine is seen or disturbed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
source "$here/debian.sh"
source "$here/go.sh"

say() { echo "[engine ${SECONDS}s] $*" >&2; }
die() { say "$*"; exit 1; }

[ "$(id -u)" = 0 ] || die 'only root can start a container engine'
mkdir -p "$home"/{bin,config/cli-plugins}
exec 9>"$home/lock"
flock 9
export DOCKER_HOST=unix://$home/docker.sock DOCKER_CONFIG=$home/config PATH=$home/bin:$PATH

# The packages of the host that the engine, its network and the base image need.
install_packages() {
  local command missing=()
  for command in mmdebstrap iptables runc tini-static:tini ip:iproute2; do
    command -v "${command%:*}" >/dev/null || missing+=("${command#*:}")
  done
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  { apt-get update -q && apt-get install -yq --no-install-recommends "${missing[@]}"; } >"$home/apt.log" 2>&1 ||
    die "could not install ${missing[*]}: $(tail -3 "$home/apt.log")"
}

# Unpacks the engine of a Debian suite. Fails when the suite's binaries do not run on this machine's C library.
unpack_engine() {
  local work=$home/unpack
  unpack_packages "$1" "$work" docker.io docker-cli docker-compose docker-buildx containerd || return
  "$work/root/usr/sbin/dockerd" --version && "$work/root/usr/bin/containerd" --version || return
  echo '{}' >"$home/config/config.json"
  # dockerd comes last, as its presence means that all is there. An engine of before may be running these files.
  cp "$work"/root/usr/libexec/docker/cli-plugins/docker-{compose,buildx} "$home/config/cli-plugins/" &&
    cp --remove-destination "$work"/root/usr/bin/{docker,containerd,containerd-shim-runc-v2,ctr} "$work/root/usr/sbin/docker-proxy" "$home/bin/" &&
    cp --remove-destination "$work/root/usr/sbin/dockerd" "$home/bin/" || return
  rm -rf "$work"
}

fetch_engine() {
  [ -x "$home/bin/dockerd" ] && [ -x "$home/bin/ctr" ] && return
  find_mirror
  local suite
  for suite in forky trixie; do
    say "fetching the engine of Debian $suite"
    unpack_engine "$suite" >"$home/unpack.log" 2>&1 && return
  done
  die "no engine could be fetched: $(tail -3 "$home/unpack.log")"
}

# A network namespace with a way out: the engine's bridges and firewall rules cannot meet another engine's.
make_network() {
  nsenter --net="/run/netns/$netns" true 2>/dev/null && return
  # A restart of the machine may have left the name without the namespace, and a state that nothing runs for.
  rm -rf "/run/netns/$netns"
  forget_run
  ip link del "$netns" 2>/dev/null || true # the kernel takes a moment to do so once its namespace is gone
  ip netns add "$netns"
  ip link add "$netns" type veth peer name eth0 netns "$netns"
  ip addr add "$subnet.1/30" dev "$netns"
  ip link set "$netns" up
  ip -n "$netns" addr add "$subnet.2/30" dev eth0
  ip -n "$netns" link set lo up
  ip -n "$netns" link set eth0 up
  ip -n "$netns" route add default via "$subnet.1"
  echo 1 >/proc/sys/net/ipv4/ip_forward
  firewall -A
}

# Settings come from this file alone: the machine's /etc/docker/daemon.json may belong to another engine.
# The containerd names of its own matter where a containerd runs already, as the engine then uses that one.
write_settings() {
  cat >"$home/daemon.json" <<JSON
{
  "hosts": ["$DOCKER_HOST"],
  "group": "root",
  "data-root": "$home/data",
  "exec-root": "$home/run",
  "pidfile": "$home/pid",
  "init-path": "$(command -v tini-static)",
  "containerd-namespace": "$netns",
  "containerd-plugins-namespace": "$netns-plugins"
}
JSON
}

start_engine() {
  docker info >/dev/null 2>&1 && return
  make_network
  write_settings
  rm -f "$home/pid" "$home/docker.sock"
  # Not "ip netns exec": it mounts /sys anew, which hides the control groups. The engine must not inherit
  # descriptor 9, or it would hold the lock for as long as it runs.
  nsenter --net="/run/netns/$netns" setsid "$home/bin/dockerd" --config-file "$home/daemon.json" \
    </dev/null >>"$home/dockerd.log" 2>&1 9>&- &
  local try
  for try in {1..150}; do
    docker info >/dev/null 2>&1 && return
    sleep 0.2
  done
  die "the engine does not answer: $(tail -5 "$home/dockerd.log")"
}

make_base_image() {
  local suite=$1
  docker image inspect "conduit-test/debian:$suite" >/dev/null 2>&1 && return
  say "making the base image of Debian $suite"
  find_mirror
  # By way of a file: a pipe would import whatever a failed run left.
  mmdebstrap --mode=root --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$suite" "$home/base.tar" "$(source_line "$suite")" 2>"$home/mmdebstrap.log" ||
    die "no base image of Debian $suite, which stand-in images are made of: $(grep -m1 '^E: ' "$home/mmdebstrap.log")"
  docker import --change 'LABEL conduit.standin=true' "$home/base.tar" "conduit-test/debian:$suite" >/dev/null
  rm "$home/base.tar"
}

# What Debian has too old a version of.
build_programs() {
  cd "$here/images/nats"
  local version
  version=$(go list -m -f '{{.Version}}' github.com/nats-io/natscli) &&
    nice go build -o "$home/programs/" -ldflags "-s -w -X main.version=${version#v}" github.com/nats-io/nats-server/v2 github.com/nats-io/natscli/nats
}

# Each image carries a hash of the sources: a changed source, or a missing image, has them built again.
make_images() {
  export SOURCES
  SOURCES=$(cd "$here/images" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
  local tags
  tags=$(sed -nE 's/^ *tags *= *\["(.*)"\]/\1/p' "$here/images/docker-bake.hcl")
  # shellcheck disable=SC2086
  docker image inspect --format '{{index .Config.Labels "conduit.sources"}}' $tags 2>/dev/null |
    grep -cx "$SOURCES" | grep -qx "$(wc -l <<<"$tags")" && return
  need_go 'the stand-in images' "$here/images/nats/go.mod"
  build_programs >"$home/programs.log" 2>&1 9>&- &
  local programs=$!
  make_base_image trixie
  make_base_image forky # for RabbitMQ, PostgreSQL and the proxies: those of trixie are too old
  wait "$programs" || die "the programs of NATS did not build: $(tail -3 "$home/programs.log")"
  say 'building the stand-in images'
  # The newer versions of bake ask before they read files outside the folder, as the programs and the certificates are.
  (cd "$here/images" && PROGRAMS=$home/programs BUILDX_BAKE_ENTITLEMENTS_FS=0 docker buildx bake --progress=plain) >"$home/bake.log" 2>&1 ||
    die "$(grep -oP '(?<=^ERROR: )target [a-z-]+' "$home/bake.log" || echo 'an image') did not build: $(
      sed -nE 's/^#[0-9]+ [0-9.]+ (.*[ :])?((E|[Ee]rror|ERROR):|\[ERROR\]) /\1/p' "$home/bake.log" | head -3); all of it is in $home/bake.log"
}

install_packages
fetch_engine
start_engine
make_images
say "ready: engine $(docker version --format '{{.Server.Version}}'), compose $(docker compose version --short)"
printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q PATH=%q:$PATH\n' "$DOCKER_HOST" "$DOCKER_CONFIG" "$home/bin"
