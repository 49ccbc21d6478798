# shellcheck shell=dash
# Goes on without doing anything, so that the service counts as running.

exec sleep infinity
