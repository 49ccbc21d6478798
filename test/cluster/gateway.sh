#!/usr/bin/env bash
# gateway.sh build | up: Traefik as controller of Ingresses and of the Gateway API. `build` compiles it, once for each version of programs/traefik/go.mod:
# ten minutes on two processors. `up` starts it in a cluster that runs, in the environment that up.sh prints, and needs it built.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
source "$here/../live/engine/go.sh"
source=$here/programs/traefik
built=$home/traefik
version=$(awk '$1 == "require" { print $3; exit }' "$source/go.mod")
image=conduit-test/traefik:$version

# module_folder MODULE VERSION: where Go keeps it.
module_folder() { (cd / && go mod download -json "$1@$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'); }

# change FOLDER MODULE VERSION: modules/FOLDER of the copy becomes that module, but for what changes/FOLDER has instead.
# Of what Traefik asks for, no proxy of modules serves these, or all that they ask for.
change() {
  local folder=$built/modules/$1
  mkdir -p "$folder"
  (cd "$(module_folder "$2" "$3")" && tar cf - --exclude ./providers/dns --exclude ./cmd --exclude ./e2e --exclude '*_test.go' .) | tar xf - -C "$folder"
  chmod -R u+w "$folder"
  cp -r "$source/changes/$1/." "$folder/"
}

build() {
  local stamp module
  need_go Traefik "$source/go.mod"
  mkdir -p "$home"
  exec 8>"$home/gateway.lock"
  flock 8
  stamp=$(cd "$source" && find . -type f | sort | xargs sha256sum | sha256sum)
  [ "$(cat "$built.built" 2>/dev/null)" = "$stamp" ] && return
  say "building Traefik $version"
  rm -rf "$built"
  cp -r "$source" "$built"
  mkdir "$built/modules"
  mv "$built/changes/ext" "$built/modules/ext" # part of Traefik's repository, and of no module
  change auth github.com/abbot/go-http-auth v0.4.0
  change lego github.com/go-acme/lego/v5 "$(sed -nE 's|^\tgithub.com/go-acme/lego/v5 (v[0-9.]+).*|\1|p' "$source/go.mod")"
  (cd "$built" && nice -n 10 go build -tags osusergo -o traefik -ldflags "-s -w -X github.com/traefik/traefik/v3/pkg/version.Version=$version" \
    github.com/traefik/traefik/v3/cmd/traefik) >"$home/build-traefik.log" 2>&1 8>&- || die "Traefik $version did not build: $(tail -5 "$home/build-traefik.log")"
  module=$(cd "$built" && go list -m -f '{{.Dir}}' sigs.k8s.io/gateway-api)
  mkdir "$built/definitions"
  cp "$module"/config/crd/standard/*.yaml "$built/definitions/"
  echo "$stamp" >"$built.built"
  say "built Traefik $version in $SECONDS s"
}

up() {
  local folder node
  if ! docker image inspect "$image" >/dev/null 2>&1; then
    folder=$(mktemp -d)
    cp "$built/traefik" "$here/images/Dockerfile" "$folder/"
    docker build -q --target traefik -t "$image" --label conduit.standin=true "$folder" >/dev/null || die 'the image of Traefik did not build'
    rm -rf "$folder"
  fi
  for node in "$home"/node*/containerd.sock; do
    [ -n "$(ctr -a "$node" -n k8s.io images list -q "name==docker.io/$image")" ] ||
      docker save "$image" | ctr -a "$node" -n k8s.io images import --all-platforms=false - >/dev/null
  done
  # server-side, as some definitions are larger than an annotation may be
  kubectl apply --server-side --force-conflicts -f "$built/definitions" >/dev/null
  kubectl wait --for=condition=Established --timeout=30s crd/{gatewayclasses,gateways,httproutes}.gateway.networking.k8s.io >/dev/null
  sed "s|IMAGE|$image|" "$here/gateway/traefik.yaml" | kubectl apply --server-side --force-conflicts -f - >/dev/null
  kubectl -n traefik rollout status deployment --timeout=120s >/dev/null || die 'Traefik did not come up'
  kubectl wait --for=condition=Accepted --timeout=60s gatewayclass/traefik >/dev/null || die 'Traefik does not see its class'
  say "Traefik $version ready"
}

"$@"
