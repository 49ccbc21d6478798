# shellcheck shell=sh
# Puts together texts that are too long for one ConfigMap. Each directory of PARTS has the parts of one, in the order of their names.
#
# PARTS  directory
# FILES  directory, with one of the same name for each text
# NAME   of the file in that

for directory in "$PARTS"/*; do
  cat "$directory"/* > "$FILES/${directory##*/}/$NAME"
done
