/** Where the settings of the server are mounted. */
export const SETTINGS_PATH = '/etc/redis/conduit/redis.conf';
/** Where users are mounted: for each a line with the file of the password, the name, and the rights. */
export const USERS_PATH = '/etc/redis/conduit/users';
/** Where it is mounted what has to be there: commands. */
export const DECLARED_PATH = '/etc/redis/conduit/declared';
/** Where the script is mounted. */
export const START_PATH = '/etc/redis/conduit/start';
/** Memory that only the server sees. */
export const RUN_PATH = '/run/conduit';

/** What is confirmed is on disk; when the memory is full, senders are refused. */
export const SETTINGS = `dir /data
appendonly yes
appendfsync always
save ""
maxmemory 256mb
maxmemory-policy noeviction
protected-mode no
`;

/**
 * Declares everything on a server that nobody else can reach, and then starts the one that clients reach: what they connect to is complete.
 * Passwords are on no command line; the server knows only their hashes.
 */
export const START = `set -eu
umask 077
cd ${RUN_PATH}
rm -f ended
# nobody can be it; but by its rights transactions are done again that stand in the append-only file: https://github.com/redis/redis/issues/14541
echo 'user default off resetpass ~* &* +@all' > users.acl
while read -r file user rights; do
  echo "user $user on #$(sha256sum < "$file" | cut -c1-64) +ping $rights" >> users.acl
done < ${USERS_PATH}
( redis-server ${SETTINGS_PATH} --port 0 --unixsocket ${RUN_PATH}/socket; : > ended ) &
until redis-cli -s socket ping 2> /dev/null | grep -q PONG; do
  [ ! -e ended ] || exit 1
  sleep 0.1
done
redis-cli -s socket < ${DECLARED_PATH} > answers
if grep -vE '^(OK|[0-9]+|BUSYGROUP .*|)$' answers >&2; then exit 1; fi
redis-cli -s socket shutdown
wait
exec redis-server ${SETTINGS_PATH} --aclfile ${RUN_PATH}/users.acl
`;
