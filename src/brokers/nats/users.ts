import { deadOf, delaySubject, inboxPrefix, Source, withKeys, workOf } from './names';
import type { Principal } from '../../servers/access';
import { QueuePrincipal, QueueRight, StreamPrincipal, StreamRight } from '../broker';
import type { Declarations } from '../declarations';

/** A user of the server, as its configuration has it: what is not allowed is denied. */
interface User {
  readonly user: string;
  readonly password: string;
  readonly permissions: { readonly publish: { readonly allow: string[] }; readonly subscribe: { readonly allow: string[] } };
}

/** Users with exactly the subjects that their rights need, the one who declares everything, if there is one, before them. */
export function usersOf(declared: Declarations, administrator?: Principal, administratorInbox?: string): User[] {
  return [
    ...(administrator ? [userOf(administrator, ['$JS.API.>'], administratorInbox)] : []),
    ...[
      ...declared.queuePrincipals.map(principal => userOf(principal, queueSubjects(principal))),
      ...declared.topicPrincipals.map(principal => userOf(principal, publishing(principal.topic.topicName, withKeys(principal.topic.topicName)))),
      ...declared.streamPrincipals.map(principal => userOf(principal, streamSubjects(principal))),
    ].sort((a, b) => a.user < b.user ? -1 : 1),
  ];
}

function userOf({ userName, password }: Principal, publish: string[], inbox = inboxPrefix(userName)): User {
  return {
    user: userName,
    password: `@{${password.name}}`,
    permissions: { publish: { allow: publish }, subscribe: { allow: [`${inbox}.>`] } },
  };
}

function queueSubjects({ queue, right }: QueuePrincipal): string[] {
  if (right === QueueRight.SEND) return publishing(queue.queueName, [queue.queueName, ...(queue.delays.length > 0 ? [`${delaySubject(queue)}.>`] : [])]);
  const work = workOf(queue);
  if (right === QueueRight.RECEIVE) return receiving(work);
  return [...receiving(deadOf(queue)!), `$JS.API.STREAM.MSG.GET.${work.stream}`, acknowledging(work)];
}

function streamSubjects({ stream: { streamName }, right, group }: StreamPrincipal): string[] {
  return right === StreamRight.PUBLISH ? publishing(streamName, withKeys(streamName)) : receiving({ stream: streamName, consumer: group! });
}

/** Whoever publishes may ask how the stream is, and so whether it is there. */
function publishing(stream: string, subjects: string[]): string[] {
  return [...subjects, `$JS.API.STREAM.INFO.${stream}`];
}

function receiving(source: Source): string[] {
  const { stream, consumer } = source;
  return [`$JS.API.CONSUMER.INFO.${stream}.${consumer}`, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, acknowledging(source)];
}

function acknowledging({ stream, consumer }: Source): string {
  return `$JS.ACK.${stream}.${consumer}.>`;
}
