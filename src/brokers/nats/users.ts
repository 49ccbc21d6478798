import { deadOf, delaySubject, inboxPrefix, noticeSubject, Source, withKeys, workOf } from './names';
import type { Principal } from '../../servers/access';
import { ChannelOperation, QueuePrincipal, QueueRight, StreamPrincipal, StreamRight } from '../broker';
import type { IDeclarations } from '../declarations';

/** A user of the server, as its configuration has it: what is not allowed is denied. */
interface User {
  readonly user: string;
  readonly password: string;
  readonly permissions: { readonly publish: { readonly allow: string[] }; readonly subscribe: { readonly allow: string[] } };
}

/** Users with the subjects that their rights need (`wider-rights.ts` says what these allow beside), the one who declares everything, if there is one, before them. */
export function usersOf(declared: IDeclarations, administrator?: Principal, administratorInbox?: string): User[] {
  return [
    ...(administrator ? [userOf(administrator, ['$JS.API.>'], administratorInbox)] : []),
    ...[
      ...declared.queuePrincipals.map(principal => userOf(principal, queueSubjects(principal))),
      ...declared.topicPrincipals.map(principal => userOf(principal, publishing(principal.topic.topicName, withKeys(principal.topic.topicName)))),
      ...declared.streamPrincipals.map(principal => userOf(principal, streamSubjects(principal))),
    ].sort((a, b) => a.user < b.user ? -1 : 1),
  ];
}

/** Whether a user may publish on the channel's own subject, to send; or, to receive, a request to a consumer of it. */
export function permits(declared: IDeclarations, userName: string, operation: ChannelOperation, channelName: string): boolean {
  const allowed = usersOf(declared).find(({ user }) => user === userName)?.permissions.publish.allow ?? [];
  const needed = operation === ChannelOperation.SEND ? [sendingTo(declared, channelName)] : receivingFrom(declared, channelName);
  return needed.some(subject => allowed.some(pattern => isWithin(subject, pattern)));
}

/** What a subscriber gets has no subject of its own: what is published below the topic's has a key. */
function sendingTo({ queues }: IDeclarations, channelName: string): string {
  const dead = queues.find(({ deadLetterQueueName }) => deadLetterQueueName === channelName);
  return dead ? noticeSubject(dead) : queues.some(({ queueName, source }) => source && queueName === channelName) ? '' : channelName;
}

function receivingFrom({ queues, streamPrincipals }: IDeclarations, channelName: string): string[] {
  const sources = [
    ...queues.filter(({ queueName }) => queueName === channelName).map(workOf),
    ...queues.filter(({ deadLetterQueueName }) => deadLetterQueueName === channelName).map(queue => deadOf(queue)!),
    ...streamPrincipals.filter(({ stream, group }) => group !== undefined && stream.streamName === channelName)
      .map(({ stream: { streamName }, group }) => ({ stream: streamName, consumer: group! })),
  ];
  return sources.map(requesting);
}

/** Whether a subject is one that a pattern stands for: `*` is any word, and `>` at the end any further ones. */
function isWithin(subject: string, pattern: string): boolean {
  const words = subject.split('.');
  const wanted = pattern.split('.');
  const open = wanted[wanted.length - 1] === '>';
  return (open ? words.length >= wanted.length : words.length === wanted.length)
    && wanted.every((word, index) => word === '>' || word === '*' || word === words[index]);
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
  return [`$JS.API.CONSUMER.INFO.${stream}.${consumer}`, requesting(source), acknowledging(source)];
}

function requesting({ stream, consumer }: Source): string {
  return `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
}

function acknowledging({ stream, consumer }: Source): string {
  return `$JS.ACK.${stream}.${consumer}.>`;
}
