import { Network } from 'cdk8s-conduit';
import type { Statements } from '../lowering.contract';
import { three } from './programs';

/** Network: who reaches whom without an edge. */
export const networkStatements: Statements = {
  'members of a network reach each other on declared ports': synth => {
    const { application, a, b } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = synth(application);
    expect([facts.reaches('a', 'b', 8080), facts.reaches('a', 'b', 53, 'UDP'), facts.reaches('b', 'a', 7000)]).toEqual([true, true, true]);
  },
  'members of a network find each other by name': synth => {
    const { application, a, b } = three({ replicas: 2, stable: true });
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = synth(application);
    expect(facts.resolves('a', 'b')).toEqual(['b-0', 'b-1']);
    expect(facts.resolves('a', 'b-1')).toEqual(['b-1']);
    expect(facts.resolves('b', 'a')).toHaveLength(1);
  },
  'a network opens no port that nobody declared': synth => {
    const { application, a, b } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = synth(application);
    expect([facts.reaches('a', 'b', 7000), facts.reaches('b', 'a', 8080)]).toEqual([false, false]);
  },
  'nobody reaches a network from outside': synth => {
    const { application, a, b, c } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    new Network(application, 'front').add(c);
    const facts = synth(application);
    expect([facts.reaches('c', 'b', 8080), facts.reaches('b', 'c', 7000), facts.reachesOutside('a', '192.0.2.1', 443)]).toEqual([false, false, false]);
  },
  'networks that share a member stay apart': synth => {
    const { application, a, b, c } = three();
    const [front, back] = ['front', 'back'].map(id => new Network(application, id));
    for (const member of [a, b]) front.add(member);
    for (const member of [b, c]) back.add(member);
    const facts = synth(application);
    expect([facts.reaches('a', 'b', 8080), facts.reaches('c', 'b', 8080), facts.reaches('a', 'c', 7000)]).toEqual([true, true, false]);
  },
};
