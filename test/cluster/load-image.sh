#!/usr/bin/env bash
# load-image.sh IMAGE...: brings images of the container engine to the nodes of the cluster that up.sh started, unless they are there.
set -euo pipefail
source "$(cd "$(dirname "$0")" && pwd)/common.sh"

ids=$(docker image inspect --format '{{.Id}}' "$@")
for node in $(seq -f node%g "${CONDUIT_CLUSTER_NODES:-1}"); do
  mark=$home/$node/imported/$(sha256sum <<<"$* $ids" | cut -c1-16)
  [ ! -e "$mark" ] || continue
  docker save "$@" | ctr -a "$home/$node/containerd.sock" -n k8s.io images import --all-platforms=false - >/dev/null
  mkdir -p "${mark%/*}"
  touch "$mark"
done
