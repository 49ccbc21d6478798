import { Statements, three } from './programs';
import { Protocol } from '../../../model/endpoint';
import { Network } from '../../../model/network';

/** Network: who reaches whom without an edge. */
export const networkStatements: Statements = {
  'members of a network reach each other on declared ports': (view, must) => {
    const { application, a, b } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = view(application);
    must.equal([facts.reaches('a', 'b', 8080), facts.reaches('a', 'b', 53, Protocol.UDP), facts.reaches('b', 'a', 7000)], [true, true, true]);
  },
  'members of a network find each other by name': (view, must) => {
    const { application, a, b } = three({ replicas: 2, stable: true });
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = view(application);
    must.equal(facts.resolves('a', 'b'), ['b-0', 'b-1']);
    must.equal(facts.resolves('a', 'b-1'), ['b-1']);
    must.equal(facts.resolves('b', 'a').length, 1);
  },
  'a network opens no port that nobody declared': (view, must) => {
    const { application, a, b } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    const facts = view(application);
    must.equal([facts.reaches('a', 'b', 7000), facts.reaches('b', 'a', 8080)], [false, false]);
  },
  'nobody reaches a network from outside': (view, must) => {
    const { application, a, b, c } = three();
    const back = new Network(application, 'back');
    for (const member of [a, b]) back.add(member);
    new Network(application, 'front').add(c);
    const facts = view(application);
    must.equal([facts.reaches('c', 'b', 8080), facts.reaches('b', 'c', 7000), facts.reachesExternal('a', '192.0.2.1', 443)], [false, false, false]);
  },
  'networks that share a member stay apart': (view, must) => {
    const { application, a, b, c } = three();
    const [front, back] = ['front', 'back'].map(id => new Network(application, id));
    for (const member of [a, b]) front.add(member);
    for (const member of [b, c]) back.add(member);
    const facts = view(application);
    must.equal([facts.reaches('a', 'b', 8080), facts.reaches('c', 'b', 8080), facts.reaches('a', 'c', 7000)], [true, true, false]);
  },
};
