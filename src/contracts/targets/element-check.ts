import type { Expectations } from './expectations';
import { Element, Sample } from './sample';
import { Primitive } from '../../model/primitive';
import { FidelityLevel } from '../../targets/fidelity';
import type { ITarget, TargetOutput } from '../../targets/target';

/** Whatever is declared is shown or left out with a reason, or all of it is refused together. */
export function checkElement(target: ITarget, element: Element, must: Expectations): void {
  const sample = new Sample();
  const constructs = ['one', 'other'].map(id => element.declare(sample, id));
  let output: TargetOutput;
  try {
    output = target.render(sample.application);
  } catch (error) {
    checkRefusal(target, (error as Error).message, constructs.map(({ node }) => node.path), must);
    return;
  }
  if (!element.isShown) return;
  const texts = Object.values(output.files).join('\n');
  const plain = Object.values(target.render(new Sample().application).files).join('\n');
  for (const construct of constructs) {
    const isOmitted = output.fidelity.some(({ path, level }) => path === construct.node.path && level === FidelityLevel.OMITTED);
    const isNamed = !(construct instanceof Primitive) || texts.includes(construct.name);
    must.true(isOmitted || (isNamed && texts !== plain), `${construct.node.path} is neither shown nor reported as left out`);
  }
}

function checkRefusal(target: ITarget, message: string, paths: string[], must: Expectations): void {
  const refused = target.deviations.filter(({ level }) => level === FidelityLevel.REFUSED);
  const lines = message.split('\n').map(line => ({ line, sentence: line.slice(line.indexOf(': ') + 2), path: line.slice(0, line.indexOf(': ')) }));
  for (const { line, sentence } of lines) {
    const stated = refused.some(({ feature, reason, remedy }) => sentence === `${feature} cannot be had on ${target.name}: ${reason}; ${remedy}`);
    must.true(stated, `'${line}' is no refusal with a path, and feature, reason and remedy that the target states`);
  }
  must.equal(paths.filter(path => !lines.some(line => line.path === path)), []);
}
