import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { Expectations } from './expectations';
import { Element, ELEMENTS, primitivesOf, Sample } from './sample';
import { ConfigFile } from '../../model/config-file';
import { Volume } from '../../model/volume';
import { byText } from '../../private/names';
import { FidelityLevel } from '../../targets/fidelity';
import type { ITarget, TargetOutput } from '../../targets/target';
import { Targets } from '../../targets/targets';

/** What must be true of every target. */
export const TARGET_STATEMENTS: Record<string, (target: ITarget, must: Expectations) => void> = {
  'it has a name, and states each difference with a feature, a level and a reason': checkDescription,
  'it writes files of its own, below the directory that cdk8s writes to': checkFiles,
  'it gives the same output for the same program, however often it is written': checkPurity,
  'it gives the same output in whatever order a program defines things': checkOrder,
  'it changes nothing of the application': checkModel,
  'it says of each primitive how truly it is done': checkFidelity,
  'it refuses an application with problems, with all of them': checkProblems,
  'it leaves it to others to write files': checkWriting,
};

/** What the target takes, in the order of the list; whatever it refuses is judged by itself. */
function elementsFor(target: ITarget): Element[] {
  return ELEMENTS.filter(element => refusalOf(() => target.render(new Sample([element]).application)) === undefined);
}

function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkDescription({ name, runs, deviations }: ITarget, must: Expectations): void {
  must.true(typeof name === 'string' && name.trim() !== '', `'name' must be what people call the target, got '${name}'`);
  must.true(typeof runs === 'boolean', `'runs' must be true or false, got ${runs}`);
  const levels = [FidelityLevel.EMULATED, FidelityLevel.REFUSED, ...runs ? [] : [FidelityLevel.OMITTED]];
  for (const { feature, level, reason, remedy } of deviations) {
    must.true(Boolean(feature?.trim()) && Boolean(reason?.trim()), `a difference must have a feature and a reason, got '${feature}' and '${reason}'`);
    must.true(levels.includes(level), `the level of '${feature}' must be ${levels.join(' or ')}, got ${level}`);
    must.true(level !== FidelityLevel.REFUSED || Boolean(remedy?.trim()), `'${feature}' is refused, so it must have a remedy`);
  }
  const features = deviations.map(({ feature }) => feature);
  must.equal(features.filter((feature, index) => features.indexOf(feature) !== index), []);
}

function checkFiles(target: ITarget, must: Expectations): void {
  const { application } = new Sample(elementsFor(target));
  const paths = Object.keys(target.render(application).files);
  must.true(paths.length > 0, 'it writes no file');
  for (const path of paths) must.true(/^[^/\\]+(\/[^/\\]+)*$/.test(path) && !path.split('/').some(part => /^\.\.?$/.test(part)), `a path must lead below the directory, got '${path}'`);
  for (const other of Targets.all.filter(({ name }) => name !== target.name)) {
    const taken = Object.keys(other.render(new Sample().application).files).filter(path => paths.includes(path));
    must.true(taken.length === 0, `${other.name} writes ${taken.join(', ')}, too`);
  }
}

function requireSame(found: TargetOutput, expected: TargetOutput, must: Expectations): void {
  must.equal(Object.keys(found.files), Object.keys(expected.files));
  const [texts, others] = [expected, found].map(({ files, fidelity }) => ({ ...files, fidelity: JSON.stringify(fidelity) }) as Record<string, string>);
  for (const [place, text] of Object.entries(texts)) {
    const other = others[place] ?? '';
    let at = 0;
    while (at < text.length && text[at] === other[at]) at++;
    const around = (all: string) => all.slice(Math.max(0, at - 60), at + 60);
    must.true(text === other, `in ${place} there is …${around(other)}… where there was …${around(text)}…`);
  }
}

function checkPurity(target: ITarget, must: Expectations): void {
  const elements = elementsFor(target);
  const { application } = new Sample(elements);
  const first = target.render(application);
  requireSame(target.render(application), first, must);
  requireSame(target.render(new Sample(elements).application), first, must);
}

function checkOrder(target: ITarget, must: Expectations): void {
  const elements = elementsFor(target);
  requireSame(target.render(new Sample([...elements].reverse()).application), target.render(new Sample(elements).application), must);
}

function checkModel(target: ITarget, must: Expectations): void {
  const others = Targets.all;
  const elements = others.map(elementsFor).reduce((all, taken) => all.filter(element => taken.includes(element)), elementsFor(target));
  const { application } = new Sample(elements);
  const before = others.map(other => other.render(application));
  target.render(application);
  others.forEach((other, index) => requireSame(other.render(application), before[index], must));
}

function checkFidelity(target: ITarget, must: Expectations): void {
  const { application } = new Sample(elementsFor(target));
  const { fidelity } = target.render(application);
  must.equal(fidelity.map(({ path }) => path), fidelity.map(({ path }) => path).sort(byText));
  must.equal(primitivesOf(application).map(({ node }) => node.path).filter(path => !fidelity.some(entry => entry.path === path)), []);
  for (const { path, level, feature, reason } of fidelity) {
    const stated = level === FidelityLevel.EXACT ? feature === undefined && reason === undefined
      : target.deviations.some(deviation => deviation.level === level && deviation.feature === feature && deviation.reason === reason);
    must.true(stated, `of ${path} it says '${feature}' (${level}), which it does not state`);
  }
}

/** An application with problems that only the whole shows. */
function faulty(): Sample {
  const sample = new Sample();
  new Volume(sample.application, 'unused');
  new ConfigFile(sample.application, 'unknown', { path: '/unknown', content: '@{conduit.unknown}' });
  return sample;
}

function checkProblems(target: ITarget, must: Expectations): void {
  must.equal(refusalOf(() => target.render(faulty().application)), refusalOf(() => faulty().application.check()));
}

function checkWriting(target: ITarget, must: Expectations): void {
  const directory = mkdtempSync(join(tmpdir(), 'contract-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = directory;
  try {
    target.render(new Sample(elementsFor(target)).application);
    refusalOf(() => target.render(faulty().application));
    must.equal(readdirSync(directory), []);
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(directory, { recursive: true, force: true });
  }
}
