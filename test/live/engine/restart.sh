#!/usr/bin/env bash
# Restarts the engine that up.sh started, as a restart of the machine would.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
running || exit 1
kill "$(cat "$home/pid")"
while running; do sleep 0.1; done
exec "$here/up.sh"
