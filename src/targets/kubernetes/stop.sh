# shellcheck shell=sh
# Sends a program a signal of its own. The kubelet sends the image's as soon as this ends, so it waits for the program.
#
# PAUSE   seconds for which it goes on before
# SIGNAL  without SIG

sleep "$PAUSE"
kill -s "$SIGNAL" 1
while kill -0 1 2>/dev/null; do sleep 0.2; done
