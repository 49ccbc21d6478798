#!/usr/bin/env bash
# Stops the engine that up.sh started, with its containers, and removes its network namespace.
# The cache folder stays, so the next up.sh is quick.
set -euo pipefail

source "$(cd "$(dirname "$0")" && pwd)/common.sh"
[ -d "$home" ] || exit 0
exec 9>"$home/lock"
flock 9

if running; then
  kill "$(cat "$home/pid")"
  while running; do sleep 0.1; done
fi
if [ -e "/run/netns/$netns" ]; then
  firewall -D || true
  ip netns del "$netns"
fi
forget_run
