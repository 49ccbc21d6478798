#!/usr/bin/env bash
# Builds the cluster's programs from their Go modules, each once for each version of programs/*/go.mod. About 15 minutes on
# two processors when nothing is there yet, so start it early. Everything lives in one cache folder, and in Go's.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
source "$here/../live/engine/go.sh"

need_go "the cluster's programs" "$here"/programs/*/go.mod
mkdir -p "$home/bin"
exec 8>"$home/build.lock"
flock 8

# The version of the first module that a program folder asks for.
version() { (cd "$here/programs/$1" && awk '$1 == "require" { print $3; exit }' go.mod); }

# build FOLDER PACKAGE...: each package becomes a program that is called like its last part, in $home/bin or below it.
build() {
  local folder=$1 version stamp started=$SECONDS
  shift
  version=$(version "$folder")
  stamp=$(cat "$here/programs/$folder"/go.{mod,sum} | sha256sum)
  [ "$(cat "$home/bin/$folder.built" 2>/dev/null)" = "$stamp" ] && return
  say "building $folder $version"
  # what the programs call themselves, in the places where their own build scripts put it
  local kubernetes=k8s.io/component-base/version cilium=github.com/cilium/cilium/pkg/version
  (cd "$here/programs/$folder" && nice -n 10 go build -tags osusergo -o "$home/bin/${below:-}" -ldflags "-s -w
    -X $kubernetes.gitVersion=$version -X $kubernetes.gitMajor=1 -X $kubernetes.gitMinor=$(cut -d. -f2 <<<"$version")
    -X $cilium.ciliumVersion=${version#v}" "$@") >"$home/build-$folder.log" 2>&1 8>&- ||
    die "$folder $version did not build: $(tail -5 "$home/build-$folder.log")"
  echo "$stamp" >"$home/bin/$folder.built"
  say "built $folder $version in $((SECONDS - started)) s"
}

build kubernetes k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kube-proxy,kubectl}
build coredns github.com/coredns/coredns
build cilium github.com/cilium/cilium/{daemon,plugins/cilium-cni,cilium-dbg}

# KEDA is asked for, as it takes as long as half of all others.
if [ -n "${CONDUIT_CLUSTER_KEDA:-}" ]; then
  below=keda/ build keda github.com/kedacore/keda/v2/cmd/{operator,adapter}
  wanted=$(version keda)
  if [ "$(cat "$home/keda/version" 2>/dev/null)" != "$wanted" ]; then
    module=$(cd "$here/programs/keda" && go list -m -f '{{.Dir}}' github.com/kedacore/keda/v2)
    rm -rf "$home/keda"
    mkdir -p "$home/keda"
    cp -r "$module/config" "$home/keda/"
    chmod -R u+w "$home/keda"
    echo "$wanted" >"$home/keda/version"
  fi
fi

# The data path is compiled on the node; its sources, and the definitions of custom resources, come with the module.
wanted=$(version cilium)
if [ "$(cat "$home/cilium/version" 2>/dev/null)" != "$wanted" ]; then
  module=$(cd "$here/programs/cilium" && go list -m -f '{{.Dir}}' github.com/cilium/cilium)
  rm -rf "$home/cilium"
  mkdir -p "$home/cilium/definitions"
  cp -r "$module/bpf" "$home/cilium/bpf"
  cp "$module"/pkg/k8s/apis/cilium.io/client/crds/v2*/*.yaml "$home/cilium/definitions/"
  chmod -R u+w "$home/cilium"
  echo "$wanted" >"$home/cilium/version"
fi
