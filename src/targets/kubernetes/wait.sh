# shellcheck shell=dash disable=SC3045,SC2046 # busybox's shell can wait for any, and there are several numbers to kill
# A Service leads only to ready pods, so whoever connects through it knows that the other side is healthy. Policies let nothing through to a
# Service without ready pods, so that an attempt takes its whole second; several take turns, so that the pod is seen when it is ready.
#
# Arguments: one address each, or several of which one has to answer.

for addresses; do
  echo "waiting for $addresses"
  for delay in 0 0.2 0.4 0.6 0.8; do
    (sleep $delay; until for address in $addresses; do nc -z -w 1 "${address%:*}" "${address##*:}" && break; done; do sleep 0.2; done) &
  done
  wait -n
  kill $(jobs -p) 2>/dev/null
  wait
done
