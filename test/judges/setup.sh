#!/usr/bin/env bash
# Installs the judges outside the repository. What is there at its pinned version is left alone, and a judge whose
# language is missing is passed over, so run it as often as you like.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${CONDUIT_JUDGES_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-conduit/judges}
failed=0
. "$here/versions.env"
. "$here/../live/engine/debian.sh"

say() { echo "judges: $*" >&2; }
die() { say "$*"; exit 1; }

install_go() { # folder, package@version
  GOBIN=$1/bin go install "$2"
}

install_python3() { # folder, package==version
  python3 -m venv "$1" &&
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check "$2"
}

# The schemas of Strimzi's resources are in no package, but the classes that they are made of are. The newest generator that there is
# is older than these and knows fewer rules; it knows all fields.
install_mvn() { # folder, version of the classes/version of the generator
  local kind
  cat > "$1/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>conduit</groupId><artifactId>schemas</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.strimzi</groupId><artifactId>api</artifactId><version>${2%/*}</version></dependency>
    <dependency><groupId>io.strimzi</groupId><artifactId>crd-generator</artifactId><version>${2#*/}</version></dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$1/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$1/jars" || return
  for kind in kafka.Kafka nodepool.KafkaNodePool topic.KafkaTopic user.KafkaUser; do
    java -cp "$1/jars/*" io.strimzi.crdgenerator.CrdGenerator --yaml "io.strimzi.api.kafka.model.$kind=$1/${kind#*.}.yaml" || return
    [ -s "$1/${kind#*.}.yaml" ] || return
  done
  rm -r "$1/jars"
}

install_definitions() { # folder, module@version and a folder of it: its custom resource definitions
  local module
  module=$(go mod download -json "${2% *}" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p') && [ -n "$module" ] &&
    cp "$module/config/crd/${2#* }"/*.yaml "$1"
}

# A compiler in place of the one of a development kit, of which the machine may have the runtime alone.
install_javac() { # folder, version
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy "-Dartifact=org.eclipse.jdt:ecj:$2" "-DoutputDirectory=$1" &&
    mkdir "$1/bin" && printf '#!/bin/sh\nexec java -jar %s "$@"\n' "$1/ecj-$2.jar" > "$1/bin/javac" && chmod +x "$1/bin/javac" && "$1/bin/javac" -version
}

# Programs of the machine's own Debian, which stays as it is.
install_debian() { # folder, packages
  local suite packages
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME") || return
  read -ra packages <<< "$2"
  (find_mirror && unpack_packages "$suite" "$1" "${packages[@]}") || return
  rm -r "$1"/{lists,cache,*.deb}
}

install_shellcheck() {
  install_debian "$@" && mkdir "$1/bin" &&
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$(echo "$1"/root/usr/lib/*-linux-gnu*)" "$1/root/usr/bin/shellcheck" > "$1/bin/shellcheck" &&
    chmod +x "$1/bin/shellcheck" && "$1/bin/shellcheck" --version
}

install_erlang() {
  install_debian "$@" && ln -s root/usr/lib/erlang/bin "$1/bin" &&
    sed -i "s#ROOTDIR=/usr/lib/erlang#ROOTDIR=$1/root/usr/lib/erlang#" "$1/bin/erl" && "$1/bin/erl" -noinput -eval 'halt().'
}

# Servers of Debian forky, to check configurations with. They bring their C library along, as that of this machine may be older.
install_proxies() { # folder, packages
  local packages libraries name
  read -ra packages <<< "$2"
  (find_mirror && unpack_packages forky "$1" "${packages[@]}") && mkdir "$1/bin" || return
  libraries=$(dirname "$1"/root/usr/lib/*/libc.so.6)
  for name in nginx haproxy; do
    # under the name of the script, as one of them starts itself anew by its name
    printf '#!/bin/sh\nexec %s --argv0 "$0" --library-path %s %s "$@"\n' "$libraries"/ld-linux-*.so.* "$libraries" "$1/root/usr/sbin/$name" > "$1/bin/$name"
  done
  chmod +x "$1"/bin/* && rm -r "$1"/{lists,cache,*.deb} &&
    "$1/bin/nginx" -v 2>&1 | grep -F "/$NGINX" && "$1/bin/haproxy" -v | grep -F "version $HAPROXY"
}

judge() { # name-version, go|python3|mvn|apt-get, what to install, how if not as a program
  local folder=$home/$1
  if [ -e "$folder/.complete" ]; then
    say "$1 is there"
  elif ! command -v "$2" >/dev/null; then
    say "$1 passed over, as there is no $2"
  else
    say "installing $1"
    # The mark comes last, so that an interrupted installation starts over.
    rm -rf "$folder"
    mkdir -p "$folder"
    if "install_${4:-$2}" "$folder" "$3" >&2 && touch "$folder/.complete"; then
      say "$1 installed"
    else
      say "$1 failed"
      failed=1
    fi
  fi
}

judge "kube-score-$KUBE_SCORE" go "github.com/zegl/kube-score/cmd/kube-score@v$KUBE_SCORE"
judge "kubernetes-validate-$KUBERNETES_VALIDATE" python3 "kubernetes-validate==$KUBERNETES_VALIDATE"
judge "strimzi-$STRIMZI_API" mvn "$STRIMZI_API/$STRIMZI_CRD_GENERATOR"
judge "checkov-$CHECKOV" python3 "checkov==$CHECKOV"
judge "keda-$KEDA" go "github.com/kedacore/keda/v2@v$KEDA bases" definitions
for version in "$GATEWAY_API" "$GATEWAY_API_OLDEST"; do
  judge "gateway-api-$version" go "sigs.k8s.io/gateway-api@v$version standard" definitions
done
judge "proxies-$NGINX-$HAPROXY" apt-get \
  'nginx libnginx-mod-stream haproxy libc6 libcrypt1 libpcre2-8-0 libssl3t64 zlib1g libzstd1 libjemalloc2 liblua5.4-0 libopentracing-c-wrapper0t64 libopentracing1 libstdc++6 libgcc-s1' proxies
command -v shellcheck >/dev/null || judge shellcheck apt-get 'shellcheck libffi8 libgmp10' shellcheck
command -v escript >/dev/null || judge erlang apt-get 'erlang-base erlang-asn1 erlang-crypto erlang-inets erlang-public-key erlang-ssl' erlang
command -v javac >/dev/null || judge javac mvn "$ECJ" javac
exit $failed
