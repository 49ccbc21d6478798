import { BROKER_STATEMENTS } from './broker-statements';
import { checkWish } from './wish-check';
import { WISHES } from './wishes';
import type { IBroker } from '../brokers/broker';
import type { Application } from '../model/application';

/** Makes a broker that is to be judged. */
export interface IBrokerFactory {
  /**
   * Makes the broker.
   * @param id of the broker's construct
   */
  makeBroker(application: Application, id: string): IBroker;
}

/** Something that must be true. */
export interface IContractCase {
  /** What must be true, as a sentence. */
  readonly statement: string;
  /**
   * Finds out.
   * @throws an error that says what was expected and what was found.
   */
  check(): void;
}

/**
 * What every broker must do, whoever wrote it. Each case builds an application and judges what both targets make of it, in any test runner:
 * `for (const each of BrokerContract.cases(factory)) test(each.statement, () => each.check());`
 */
export class BrokerContract {
  /** All cases. */
  public static cases(factory: IBrokerFactory): IContractCase[] {
    return [
      ...Object.entries(BROKER_STATEMENTS).map(([statement, check]) => ({ statement, check: () => check(factory) })),
      ...WISHES.map(wish => ({
        statement: `${wish.property}${wish.semantic ? ` (${wish.semantic})` : ''} is refused with path, product and reason, or makes a difference`,
        check: () => checkWish(factory, wish),
      })),
    ];
  }

  private constructor() {}
}
