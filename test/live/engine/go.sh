# Programs that are built on the host, from Go modules. Wants a function "die".

# need_go WHAT FILE...: ends with a sentence unless a Go is there that is new enough for what these go.mod files describe.
need_go() {
  local what=$1 needed go
  shift
  needed=$(sed -n 's/^go //p' "$@" | sort -V | tail -1)
  go=$(go env GOVERSION 2>/dev/null) || die "Go $needed or newer is needed to build $what"
  [ "$(printf '%s\n' "$needed" "${go#go}" | sort -V | head -1)" = "$needed" ] || die "Go $needed or newer is needed to build $what, this is $go"
  export CGO_ENABLED=0 GOFLAGS=-trimpath GOTOOLCHAIN=local
}
