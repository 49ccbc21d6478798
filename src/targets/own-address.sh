# shellcheck shell=dash disable=SC2034
# The container's own address, at which the kubelet would ask it: the first in its hosts file that is no loopback. Without a network it has none.

ADDRESS=127.0.0.1
while read -r address _; do
  case $address in
    127.* | *:* | '#'* | '') ;;
    *)
      ADDRESS=$address
      break
      ;;
  esac
done </etc/hosts
