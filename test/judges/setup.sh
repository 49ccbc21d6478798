#!/usr/bin/env bash
# Installs the judges outside the repository. What is there at its pinned version is left alone, and a judge whose
# language is missing is passed over, so run it as often as you like.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${CONDUIT_JUDGES_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-conduit/judges}
failed=0
. "$here/versions.env"

say() { echo "judges: $*" >&2; }

install_go() { # folder, package@version
  GOBIN=$1/bin go install "$2"
}

install_python3() { # folder, package==version
  python3 -m venv "$1" &&
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check "$2"
}

judge() { # name-version, go|python3, what to install
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
    if "install_$2" "$folder" "$3" >&2 && touch "$folder/.complete"; then
      say "$1 installed"
    else
      say "$1 failed"
      failed=1
    fi
  fi
}

judge "kube-score-$KUBE_SCORE" go "github.com/zegl/kube-score/cmd/kube-score@v$KUBE_SCORE"
judge "kubernetes-validate-$KUBERNETES_VALIDATE" python3 "kubernetes-validate==$KUBERNETES_VALIDATE"
judge "checkov-$CHECKOV" python3 "checkov==$CHECKOV"
exit $failed
