# shellcheck shell=dash disable=SC2034
# Why the addresses that clients come by are not their own, or nothing. A list of sources would then decide by addresses of others.
# An engine in a virtual machine of the desktop takes connections outside of it; a rootless engine takes them outside of its namespace, in which
# root alone has the number of who started it.

HIDDEN=
read -r kernel </proc/version
case $kernel in
  *linuxkit* | *microsoft* | *orbstack*)
    HIDDEN='the engine runs in a virtual machine of the desktop, which hides the addresses of clients; run the project on an engine of a Linux machine'
    ;;
esac
read -r inside _ length _ </proc/self/uid_map
if [ "$inside/$length" = 0/1 ]; then
  HIDDEN='the engine runs without root, which hides the addresses of clients; run the project on an engine that runs as root'
fi
