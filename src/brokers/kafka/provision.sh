# shellcheck shell=bash
# Makes what is declared. It asks for what is there, sees whether all can be changed that is otherwise, and changes it; if not,
# it changes nothing. It never removes anything.
#
# Passwords cannot be asked for. But each user's is stored with a number of iterations that follows from it and from the administrator's, so
# that a password which has changed is noticed, except for one in 12,288.
#
# RUN                          directory: memory of the program's own
# DECLARATIONS                 file: what is to be declared
# SERVERS, PROTOCOL, MECHANISM how the server is reached
# AUTHORITY                    file of the certificates that check it; empty for those that Java trusts
# ADMIN, ADMIN_PASSWORD_FILE   who declares
# BATCH                        a program for the virtual machine that runs many commands of the tools, packed and encoded

set -uf
umask 077
cd "$RUN" || exit 1
tools_at_once=4
machines=2 # for changes, each with memory for its objects and as much again
patience_minutes=5 # for a server that is not there, or has too few nodes
login "$ADMIN" "$ADMIN_PASSWORD_FILE" "$PROTOCOL" "$MECHANISM" "$AUTHORITY" > admin.properties
admin_password=$(cat "$ADMIN_PASSWORD_FILE")
base64 -d <<< "$BATCH" | gunzip > Batch.class

tool() { /opt/kafka/bin/kafka-"$1".sh --bootstrap-server "$SERVERS" --command-config admin.properties "${@:2}"; }

# runs a command beside others; the first word names the file for what it writes
beside() {
  while [ "$(jobs -rp | wc -l)" -ge $tools_at_once ]; do wait -n; done
  { "${@:2}" > "$1" 2>&1 || { cat "$1" >&2; touch failed; }; } &
}

# A tool takes one topic, or one user, and its start costs more than all that it does. So changes are shared out among a few virtual machines,
# each of which does one after the other. These share no class data with the server, as its archive is for its own class path alone, and may
# compile as well as they can, as what they do most is to hash.
declare -A classes=([topics]=org.apache.kafka.tools.TopicCommand [configs]=kafka.admin.ConfigCommand [acls]=org.apache.kafka.tools.AclCommand)
changes=0
change() { # WHAT TOOL WORD...
  echo "$1"
  changes=$((changes + 1))
  echo "${classes[$2]} --bootstrap-server $SERVERS --command-config admin.properties ${*:3}" >> "changes-$((changes % machines))"
}
batch() { # FILE
  CLASSPATH=$RUN KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:-UsePerfData' /opt/kafka/bin/kafka-run-class.sh Batch < "$1"
}

together() {
  local number
  for ((number = 0; number < machines; number++)); do
    [ -e "changes-$number" ] || continue
    mv "changes-$number" "batch-$number"
    beside "batch-$number.log" batch "batch-$number"
  done
  wait
  [ ! -e failed ]
}

declare -A partitions replicas settings users rights

ask() {
  rm -f failed
  beside topics tool topics --describe --exclude-internal
  beside users tool configs --describe --entity-type users
  beside rights tool acls --list
  beside groups tool consumer-groups --list
  together || return 1
  partitions=() replicas=() settings=() users=() rights=()
  while IFS=$'\t' read -r name _ count factor values _; do
    case $count in 'PartitionCount: '*) ;; *) continue ;; esac
    name=${name#*: } values=${values#*:}
    partitions[$name]=${count#*: } replicas[$name]=${factor#*: } settings[$name]=,${values# },
  done < topics
  while IFS="'" read -r what name values; do
    case $what in SCRAM*) users[$name]=${values# are } ;; esac
  done < users
  while read -r line; do
    if [[ $line =~ resourceType=([A-Z_]+),\ name=(.*),\ patternType=([A-Z]+) ]]; then
      resource=${BASH_REMATCH[3]}:${BASH_REMATCH[1]}:${BASH_REMATCH[2]}
    elif [[ $line =~ principal=User:(.*),\ host=\*,\ operation=([A-Z_]+),\ permissionType=ALLOW ]]; then
      rights[${BASH_REMATCH[1]}:${BASH_REMATCH[2]}:$resource]=yes
    fi
  done < rights
}

refused=
refuse() { echo "refused: topic '$1' $2, or give the new one another name. Nothing was changed" >&2; refused=yes; }

check_topic() { # NAME PARTITIONS REPLICAS ...
  [ -n "${partitions[$1]-}" ] || return
  [ "${partitions[$1]}" -le "$2" ] ||
    refuse "$1" "has ${partitions[$1]} partitions and cannot have $2, as those that go would take their messages along; keep as many"
  [ "${replicas[$1]}" = "$3" ] ||
    refuse "$1" "is stored by ${replicas[$1]} node(s) and would have to be moved to be stored by $3; keep 'replicas: ${replicas[$1]}', move it before with kafka-reassign-partitions.sh"
}

apply_topic() { # NAME PARTITIONS REPLICAS SETTING=VALUE...
  local name=$1 count=$2 factor=$3 setting different='' create
  shift 3
  if [ -z "${partitions[$name]-}" ]; then
    create=(--create --topic "$name" --partitions "$count" --replication-factor "$factor")
    for setting; do create+=(--config "${setting/+/,}"); done
    change "topic $name" topics "${create[@]}"
    return
  fi
  if [ "${partitions[$name]}" -lt "$count" ]; then
    change "topic $name: $count partitions" topics --alter --topic "${name//./\\.}" --partitions "$count"
  fi
  for setting; do
    [[ ${settings[$name]//compact,delete/compact+delete} == *",$setting,"* ]] || different+=,${setting/compact+delete/[compact,delete]}
  done
  if [ -n "$different" ]; then
    change "topic $name: ${different#,}" configs --alter --entity-type topics --entity-name "$name" --add-config "${different#,}"
  fi
}

apply_user() { # NAME FILE
  local password digest wanted file
  IFS= read -r -d '' password < "$2" # with an end of line, as clients take it for a part of it
  case $password in ''|*[!A-Za-z0-9._~-]*)
    echo "secret ${2##*/}: only letters, digits and . _ ~ - are possible here, and no end of line" >&2
    exit 1 ;;
  esac
  digest=$(printf %s "$admin_password:$1:$password" | sha256sum)
  wanted=$MECHANISM=iterations=$((4096 + 16#${digest:0:8} % 12288))
  [ "${users[$1]-}" = "$wanted" ] && return
  file=password-$changes
  printf '%s,password=%s\n' "$wanted" "$password" > "$file"
  change "password of $1" configs --alter --entity-type users --entity-name "$1" --add-config-file "$file"
}

apply_start() { # TOPIC PLACE GROUP...
  local topic=$1 place=$2 group new=()
  shift 2
  for group; do grep -qxF "$group" groups || new+=(--group "$group"); done
  [ "${#new[@]}" -eq 0 ] && return
  echo "start of ${new[*]//--group/} in topic $topic: $place"
  beside "start-$((changes += 1))" start "$topic" "$place" "${new[@]}"
}

# the tool takes a number that is not there yet for the end, and tells of some failures in words alone
start() { # TOPIC PLACE --group GROUP...
  local reset=(tool consumer-groups --reset-offsets --topic "$1" "${@:3}") place written number
  case $2 in
    latest) place=(--to-latest) ;;
    time:*) place=(--to-datetime "${2#*:}") ;;
    offset:*)
      place=(--to-offset "${2#*:}")
      written=$("${reset[@]}" "${place[@]}" --dry-run 2>&1) || { echo "$written"; return 1; }
      while read -r _ _ _ number; do
        case $number in ''|*[!0-9]*) ;; *) [ "$number" -ge "${2#*:}" ] || return 0 ;; esac
      done <<< "$written" ;;
  esac
  written=$("${reset[@]}" "${place[@]}" --execute 2>&1)
  echo "$written"
  case $written in *ERROR*|*Error*) return 1 ;; *NEW-OFFSET*) ;; *) return 1 ;; esac
}

apply_right() { # OPERATION,... KIND:NAME,... USER,...
  local operation resource user missing='' add=(--add)
  for user in ${3//,/ }; do
    add+=(--allow-principal "User:$user")
    for operation in ${1//,/ }; do for resource in ${2//,/ }; do
      [ -n "${rights[$user:$operation:LITERAL:$resource]-}" ] || missing=yes
    done; done
  done
  [ -n "$missing" ] || return
  for operation in ${1//,/ }; do add+=(--operation "$operation"); done
  for resource in ${2//,/ }; do
    case $resource in TOPIC:*) add+=(--topic "${resource#*:}") ;; *) add+=(--group "${resource#*:}") ;; esac
  done
  change "right to $1 $2 of $3" acls "${add[@]}"
}

each() { # KIND FUNCTION
  local kind words
  while read -r kind words; do
    # shellcheck disable=SC2086 # the function takes each word; nothing in them stands for files, as that is turned off
    [ "$kind" != "$1" ] || "$2" $words
  done < "$DECLARATIONS"
}

attempt() {
  ask || return 1
  each topic check_topic
  [ -z "$refused" ] || exit 1
  each topic apply_topic
  each user apply_user
  together || return 1
  each start apply_start
  together || return 1
  each right apply_right
  together
}

until attempt; do
  if [ "$SECONDS" -ge $((patience_minutes * 60)) ]; then
    echo "failed: what is above did not succeed in $patience_minutes minutes" >&2
    exit 1
  fi
  sleep 2
done
echo 'everything is as declared'
