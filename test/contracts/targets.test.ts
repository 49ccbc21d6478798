import { TargetContract, Targets } from 'cdk8s-conduit';
import { Graphviz } from '../package/src/graphviz';

describe.each([...Targets.all, new Graphviz()].map(target => ({ name: target.name, target })))('$name', ({ target }) => {
  for (const each of TargetContract.cases(target)) test(each.statement, () => each.check());
});
