# What up.sh and down.sh must agree on.

home=${CONDUIT_ENGINE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-conduit/engine}

# Engines in different folders get different namespaces, and a /30 of the range set aside for benchmarks
# (198.18.0.0/15), which no real network uses.
number=$(($(printf %s "$home" | cksum | cut -d' ' -f1) % 250))
netns=conduit$number
subnet=198.18.$number

# Whether the engine runs; a stale file may hold a number that is another process by now.
running() { grep -qsxzF "$home/daemon.json" "/proc/$(cat "$home/pid" 2>/dev/null || true)/cmdline"; }

# firewall -A lets the namespace out, firewall -D takes that back.
firewall() {
  iptables -t nat "$1" POSTROUTING -s "$subnet.0/30" ! -o "$netns" -j MASQUERADE
  iptables "${1/A/I}" FORWARD -i "$netns" -j ACCEPT
  iptables "${1/A/I}" FORWARD -o "$netns" -j ACCEPT
}

# Removes the state of an engine that runs no more. The engine keeps network namespaces there as mounts, and leaves them when it ends.
forget_run() {
  { findmnt -rno TARGET | grep -F "$home/run/" || true; } | xargs -r umount
  rm -rf "$home/run"
}
