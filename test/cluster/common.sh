# What build.sh, up.sh and down.sh must agree on.

home=${CONDUIT_CLUSTER_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-conduit/cluster}

# Clusters in different folders get different namespaces, and addresses of the range set aside for benchmarks
# (198.18.0.0/15, whose other half the container engine uses).
number=$(($(printf %s "$home" | cksum | cut -d' ' -f1) % 250))
netns=conduitk$number
subnet=198.19.$number

say() { echo "[cluster ${SECONDS}s] $*" >&2; }
die() { say "$*"; exit 1; }

# Whether a process of that name runs; a stale file may hold a number that is another process by now.
alive() {
  local pid
  pid=$(cat "$home/run/$1.pid" 2>/dev/null) && grep -qsF "$home/" "/proc/$pid/cmdline"
}

# stop NAME...: ends programs, all at once.
stop() {
  local name
  for name in "$@"; do alive "$name" && kill "$(cat "$home/run/$name.pid")"; done
  for name in "$@"; do
    for _ in {1..50}; do alive "$name" && sleep 0.1 || break; done
    alive "$name" && kill -9 "$(cat "$home/run/$name.pid")"
    rm -f "$home/run/$name.pid"
  done
}

# stop_node NODE: ends a node's programs and containers, and removes all that it had.
stop_node() {
  local node=$1 shims group path
  stop "$node-kubelet" "$node-kube-proxy" "$node-cilium"
  # containers outlive their shims, and shims what started them
  shims=$(pgrep -f "containerd-shim-runc-v2 .*-address $home/$node/containerd\.sock" || true)
  for group in $(control_groups "$node"); do
    [ -d "$group" ] && find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | xargs -r kill -9 2>/dev/null || true
  done
  [ -z "$shims" ] || kill -9 $shims 2>/dev/null || true
  stop "$node-containerd"
  sleep 0.5
  awk -v folder="$home/$node/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  for group in $(control_groups "$node"); do [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; done
  if [ -e "/run/netns/$netns-$node" ]; then
    # the links explicitly: a namespace lives on for as long as anything in it ends
    if [ "$node" = node1 ]; then
      firewall -D 2>/dev/null || true
      ip link del "$netns" 2>/dev/null || true
    else
      ip -n "$netns-node1" link del "to-$node" 2>/dev/null || true
    fi
    ip netns del "$netns-$node"
  fi
  rm -rf "${home:?}/$node"
}

# Ends everything, and keeps the programs alone.
stop_cluster() {
  local node
  # the last first: the others are behind node 1
  for node in $({ ls "$home"; ip netns list | sed -nE "s/^$netns-(node[0-9]+).*/\1/p"; } | grep '^node' | sort -ru); do stop_node "$node"; done
  stop kube-scheduler kube-controller-manager kube-apiserver etcd
  rm -rf "$home"/{etcd,pki}
}

# firewall -A lets the namespace out, firewall -D takes that back.
firewall() {
  iptables -t nat "$1" POSTROUTING -s "$subnet.0/24" ! -o "$netns" -j MASQUERADE
  iptables "${1/A/I}" FORWARD -i "$netns" -j ACCEPT
  iptables "${1/A/I}" FORWARD -o "$netns" -j ACCEPT
}

# The folder of a node's control groups, in every hierarchy: of version 2 there is one.
control_groups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo "/sys/fs/cgroup/$netns-$1"
  else
    local hierarchy
    for hierarchy in /sys/fs/cgroup/*/; do echo "$hierarchy$netns-$1"; done
  fi
}
