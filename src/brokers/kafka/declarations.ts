import { StartPosition } from '../broker';
import type { IDeclarations } from '../declarations';
import { groupOf } from './names';
import { renderRights, rightsOf } from './rights';
import { serverTopics, TopicDefaults } from './topics';

/**
 * Everything that the server is to have, a line for each:
 *
 *     topic NAME PARTITIONS REPLICAS SETTING=VALUE…
 *     user NAME FILE              with the password in that file
 *     start TOPIC PLACE GROUP…    where these groups begin that were never there
 *     right OPERATION,… KIND:NAME,… USER,…
 *
 * A comma within a value is written as `+`.
 */
export function renderDeclarations(declared: IDeclarations, defaults: TopicDefaults): string {
  const lines = [
    ...serverTopics(declared, defaults).map(({ name, partitions, replicas, settings }) =>
      ['topic', name, partitions, replicas, ...Object.entries(settings).sort().map(([key, value]) => `${key}=${value.replaceAll(',', '+')}`)]),
    ...declared.principals.map(({ userName, password }) => ['user', userName, password.path]),
    ...startsOf(declared),
    ...renderRights(rightsOf(declared)),
  ];
  return lines.map(words => `${words.join(' ')}\n`).join('');
}

/** A subscriber gets what is published from then on; a reader begins where it wants. Without a place, a group begins with the oldest. */
function startsOf({ queues, streamPrincipals }: IDeclarations): string[][] {
  const starts = new Map<string, Set<string>>();
  const add = (topic: string, place: string, group: string) => {
    const key = `${topic} ${place}`;
    starts.set(key, (starts.get(key) ?? new Set()).add(group));
  };
  for (const { queueName, source } of queues) if (source) add(source.topicName, 'latest', queueName);
  for (const { stream, group, startPosition, startAt } of streamPrincipals) {
    if (group === undefined || startPosition === StartPosition.BEGINNING) continue;
    add(stream.streamName, startAt === undefined ? `${startPosition}` : `${startPosition}:${startAt}`, groupOf(stream, group));
  }
  return [...starts].sort(([a], [b]) => a < b ? -1 : 1).map(([key, groups]) => ['start', key, ...groups]);
}
