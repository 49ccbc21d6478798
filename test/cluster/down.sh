#!/usr/bin/env bash
# Ends the cluster that up.sh started, or one node of it (down.sh node2), and removes all that ran there. The programs stay, so the
# next up.sh is quick; so does the container engine, which has a down.sh of its own.
set -euo pipefail

source "$(cd "$(dirname "$0")" && pwd)/common.sh"
[ -d "$home" ] || exit 0
exec 9>"$home/lock"
flock 9

if [ -n "${1:-}" ]; then
  [ ! -d "$home/$1" ] || stop_node "$1"
  KUBECONFIG=$home/pki/admin.conf "$home/bin/kubectl" delete node "$1" --ignore-not-found >/dev/null
  KUBECONFIG=$home/pki/admin.conf "$home/bin/kubectl" get persistentvolumes -o name | grep "/$1-" |
    KUBECONFIG=$home/pki/admin.conf xargs -r "$home/bin/kubectl" delete --wait=false >/dev/null
else
  stop_cluster
fi
