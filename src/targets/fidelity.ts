import type { ExposedPort } from './exposed';
import type { Application } from '../model/application';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';
import { placeOf } from '../private/place';

/** How truly a target does what was declared. */
export enum FidelityLevel {
  /** As declared. */
  EXACT = 'exact',
  /** By other means, with a difference that the reason states. */
  EMULATED = 'emulated',
  /** Not at all: the target throws instead of writing anything. */
  REFUSED = 'refused',
  /** Left out by a target that runs no programs, such as a picture. */
  OMITTED = 'omitted',
}

/** What a target made of one construct. */
export interface FidelityEntry {
  /** Path of the construct. */
  readonly path: string;
  /** How truly it was done. */
  readonly level: FidelityLevel;
  /** Feature that deviates; undefined when all is exact. */
  readonly feature?: string;
  /** Why, and what is different; undefined when all is exact. */
  readonly reason?: string;
  /** What the program says why it asks for that; undefined where it need not. */
  readonly said?: string;
}

/**
 * A difference between what is declared and what a target does, whatever the application.
 * @subclassable
 */
export interface Deviation {
  /** How truly it is done; never exact. */
  readonly level: FidelityLevel;
  /** What is declared. */
  readonly feature: string;
  /** Why, and what is different. */
  readonly reason: string;
  /**
   * What to do instead.
   * @default - nothing; needed for what is refused
   */
  readonly remedy?: string;
}

/** Collects how truly a target does each construct of one application. What is otherwise than declared on every target is among it. */
export class FidelityReport {
  private readonly found = new Map<string, Map<Deviation, string | undefined>>();
  private readonly ways: ExposedPort[] = [];

  /**
   * @param target name of the target, for messages
   * @param application what it makes something of
   */
  public constructor(private readonly target: string, private readonly application: Application) {
    checkCall(new.target, 'FidelityReport', arguments);
  }

  /**
   * Notes that a construct was lowered.
   * @param path of the construct
   */
  public add(path: string): void {
    checkCall(this, 'FidelityReport.add', arguments);
    this.deviationsOf(path);
  }

  /**
   * Notes a difference between what a construct declares and what the target does.
   * @param path of the construct
   * @param said why the program asks for that, where it must say so
   */
  public deviate(path: string, deviation: Deviation, said?: string): void {
    checkCall(this, 'FidelityReport.deviate', arguments);
    this.deviationsOf(path).set(deviation, said);
  }

  /** Notes a way in from outside the application. */
  public expose(port: ExposedPort): void {
    checkCall(this, 'FidelityReport.expose', arguments);
    this.ways.push(port);
  }

  /** All ways in, in the order of paths, ports and sources. */
  public get exposed(): ExposedPort[] {
    const keyed = this.ways.map(port => ({ port, key: [port.path, port.portName, ...port.sources].join(' ') }));
    return keyed.sort((a, b) => byText(a.key, b.key)).map(({ port }) => port);
  }

  /** One entry for each exact construct and for each deviation of the others, in the order of their paths. */
  public get entries(): FidelityEntry[] {
    return this.ordered.flatMap(([path, deviations]): FidelityEntry[] => deviations.length === 0
      ? [{ path, level: FidelityLevel.EXACT }]
      : deviations.map(([{ level, feature, reason }, said]) => said === undefined ? { path, level, feature, reason } : { path, level, feature, reason, said }));
  }

  /**
   * Refuses the application if anything of it was refused. A target calls it before it gives any output.
   * @throws one error that lists every refusal with its construct path.
   */
  public throwIfRefused(): void {
    const refusals = this.ordered.flatMap(([path, deviations]) => deviations
      .filter(([deviation]) => deviation.level === FidelityLevel.REFUSED)
      .map(([{ feature, reason, remedy }]) => `${placeOf(path)}: ${feature} cannot be had on ${this.target}: ${reason}; ${remedy}`));
    if (refusals.length > 0) throw new Error(refusals.join('\n'));
  }

  private deviationsOf(path: string): Map<Deviation, string | undefined> {
    const known = this.found.get(path) ?? new Map();
    this.found.set(path, known);
    return known;
  }

  private get ordered(): [string, [Deviation, string | undefined][]][] {
    const all = new Map([...this.found].map(([path, deviations]) => [path, [...deviations]]));
    for (const { path, feature, reason } of this.application.differences) {
      const deviations = all.get(path) ?? [];
      all.set(path, deviations);
      deviations.push([{ level: FidelityLevel.EMULATED, feature, reason }, undefined]);
    }
    return [...all].sort(([a], [b]) => byText(a, b)).map(([path, deviations]) => [path, deviations.sort(([a], [b]) => byText(a.feature, b.feature))]);
  }
}
