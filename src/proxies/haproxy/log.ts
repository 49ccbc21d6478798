/** A text that somebody else wrote, as it can stand in a line of JSON. */
const text = (expression: string) => `%[${expression},json(utf8s)]`;

/** Fields of the access log: those of every engine. */
const FIELDS: Record<string, string> = {
  time: '%[request_date,utime("%Y-%m-%dT%H:%M:%S+00:00")]',
  client: '%ci',
  method: text('var(txn.method)'),
  host: text('var(txn.host)'),
  path: text('var(txn.raw)'),
  protocol: text('var(txn.protocol)'),
  scheme: '%[var(txn.scheme)]',
  status: '%ST',
  bytes: '%B',
  seconds: '%[txn.timer.total,div(1000)]%[txn.timer.total,mod(1000),add(1000),regsub(^1,.)]', // of milliseconds
  upstream: '%si:%sp',
  upstreamStatus: '%[server_status]',
  user: text('var(txn.user)'),
  userAgent: text('var(txn.agent)'),
  requestId: '%ID',
};

/** Format of a line of the access log. */
export const LOG_FORMAT = `{${Object.entries(FIELDS).map(([name, value]) => `"${name}":"${value}"`).join(',')}}`;
