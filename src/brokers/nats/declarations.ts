import { NatsConsumer, consumersOf } from './consumers';
import { StreamConfig, streamsOf } from './streams';
import type { Declarations } from '../declarations';

/** What the server says of a stream in which all consumers are there that had been declared with it. */
export const COMPLETE = '"conduit":"complete"';

/** What does not change: an object that has it otherwise is another one. */
const FIXED = ['retention', 'storage', 'deliver_policy', 'opt_start_seq', 'opt_start_time', 'ack_policy'];

/**
 * All streams and consumers, a line for each: kind, name, what of it cannot change, and what the server's interface takes.
 *
 * A topic drops what is published before anyone has subscribed. So it is marked once all of its subscribers are there, for publishers
 * that wait for that.
 */
export function renderDeclarations(declared: Declarations, replicas: number): string {
  const streams = streamsOf(declared, replicas);
  return [
    ...streams.map(streamLine),
    ...consumersOf(declared).map(consumerLine),
    ...streams.filter(({ retention }) => retention === 'interest').map(stream => streamLine({ ...stream, metadata: { conduit: 'complete' } })),
  ].join('');
}

function streamLine(config: StreamConfig): string {
  return `STREAM ${config.name} ${fixedOf(config)} ${JSON.stringify(config)}\n`;
}

function consumerLine({ stream, consumer, config }: NatsConsumer): string {
  return `CONSUMER ${stream}.${consumer} ${fixedOf(config)} ${JSON.stringify({ stream_name: stream, config })}\n`;
}

/** As it stands in what the server answers. */
function fixedOf(config: Record<string, unknown>): string {
  return FIXED.filter(option => config[option] !== undefined).map(option => `"${option}":${JSON.stringify(config[option])}`).join(',');
}
