import { MessageSemantic, SemanticSupport, SupportLevel } from 'cdk8s-conduit';

const native = (how: string): SemanticSupport => ({ level: SupportLevel.NATIVE, how });
const emulated = (how: string): SemanticSupport => ({ level: SupportLevel.EMULATED, how });
const refused = (how: string): SemanticSupport => ({ level: SupportLevel.REFUSED, how });

/** @see https://redis.io/docs/latest/develop/data-types/streams/ */
export const REDIS_STREAMS_SEMANTICS: Record<MessageSemantic, SemanticSupport> = {
  [MessageSemantic.DURABILITY]: native('each command is on disk, in the append-only file, before it is answered'),
  [MessageSemantic.PUBLISHER_CONFIRMS]: native('the answer to XADD'),
  [MessageSemantic.ACKNOWLEDGEMENT]: emulated('a consumer that went away is noticed by the acknowledgement timeout'),
  [MessageSemantic.ACKNOWLEDGEMENT_TIMEOUT]: emulated('consumers take over with XAUTOCLAIM what was idle for the time in `_ACKNOWLEDGEMENT_TIMEOUT_MS`, 30 seconds by default'),
  [MessageSemantic.PREFETCH]: native('COUNT of XREADGROUP'),
  [MessageSemantic.KEPT_UNTIL_RECEIVED]: emulated('consumers delete with XDEL what they acknowledge'),
  [MessageSemantic.DELIVERY_LIMIT]: emulated('Redis counts deliveries; a consumer that claims a message beyond `_DELIVERY_LIMIT` moves it to the dead letters in a transaction'),
  [MessageSemantic.EXPIRED_DEAD_LETTERS]: refused('nothing expires, and nothing is dropped'),
  [MessageSemantic.EXPIRED_REMOVED]: refused('nothing expires, and nothing is dropped'),
  [MessageSemantic.RETRY_BACKOFF]: refused('all messages of a group are idle for the same time before they come again'),
  [MessageSemantic.MESSAGE_TTL]: refused('entries of a stream do not expire'),
  [MessageSemantic.MAX_LENGTH]: refused('a stream is as long as senders let it become'),
  [MessageSemantic.MAX_SIZE]: refused('a stream is as large as senders let it become'),
  [MessageSemantic.REJECT_NEW]: refused('senders are refused only when the memory is full'),
  [MessageSemantic.DROP_OLDEST]: refused('XTRIM would drop messages that consumers work on'),
  [MessageSemantic.PRIORITY]: refused('a stream has one order'),
  [MessageSemantic.DELAY]: refused('an entry can be read at once'),
  [MessageSemantic.ROUTING_BY_KEY]: refused('publishers add each message to the streams of all subscribers'),
  [MessageSemantic.ROUTING_BY_HEADER]: refused('publishers add each message to the streams of all subscribers'),
  [MessageSemantic.COMPETING_CONSUMERS]: native('consumers of one group'),
  [MessageSemantic.SINGLE_ACTIVE_CONSUMER]: refused('a group serves whoever asks'),
  [MessageSemantic.PARTITIONS]: refused('a group is not shared by key'),
  [MessageSemantic.CONSUMER_GROUPS]: native('a group for each, made before any reader starts'),
  [MessageSemantic.REPLAY]: native('a group begins at any entry; publishers have them numbered by the ID `0-*`'),
  [MessageSemantic.REPLAY_FROM_TIME]: refused('entries are numbered, and do not tell their time'),
  [MessageSemantic.RETENTION_BY_TIME]: refused('entries are numbered, and do not tell their time'),
  [MessageSemantic.RETENTION_BY_SIZE]: refused('a stream is as large as publishers let it become'),
  [MessageSemantic.COMPACTION]: refused('a stream keeps all entries, whatever their keys'),
  [MessageSemantic.DEDUPLICATION]: refused('entries are not compared'),
  [MessageSemantic.REPLICATION]: refused('there is one node'),
  [MessageSemantic.MIN_IN_SYNC]: refused('there is one node'),
};
