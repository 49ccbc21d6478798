#!/usr/bin/env bash
# Brings up a cluster, runs the tests that need one, with jest's arguments, and ends all that was not there before; the programs and
# images that it was made of stay, so that the next run is quick.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

(source "$here/common.sh" && alive kube-apiserver) && cluster_ran=yes
(source "$here/../live/engine/common.sh" && running) && engine_ran=yes
finish() {
  [ -n "${cluster_ran:-}" ] || "$here/down.sh"
  [ -n "${engine_ran:-}" ] || "$here/../live/engine/down.sh"
}
trap finish EXIT

exports=$("$here/up.sh")
eval "$exports"
npx jest --selectProjects kubernetes --silent=false "$@"
