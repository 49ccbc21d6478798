import { BROKER_STATEMENTS } from './broker-statements';
import type { IContractCase } from './contract-case';
import { FEATURE_CASES } from './feature-cases';
import { checkFeature } from './feature-check';
import { SERVER_STATEMENTS } from './server-statements';
import { Setting } from './setting';
import type { IBroker } from '../brokers/broker';
import type { Application } from '../model/application';
import { checkCall } from '../private/check-call';

/** Makes a broker that is to be judged. */
export interface IBrokerFactory {
  /**
   * Makes the broker.
   * @param id of the broker's construct
   */
  makeBroker(application: Application, id: string): IBroker;
}

/**
 * What every broker must do, whoever wrote it. Each case builds an application and judges what both targets make of it, in any test runner:
 * `for (const each of BrokerContract.cases(factory)) test(each.statement, () => each.check());`
 */
export class BrokerContract {
  /** All cases. */
  public static cases(factory: IBrokerFactory): IContractCase[] {
    checkCall(this, 'BrokerContract.cases', arguments);
    return [
      ...Object.entries(SERVER_STATEMENTS).map(([statement, check]) => ({
        statement, check: () => check((application, id) => new Setting(factory, application, id)),
      })),
      ...Object.entries(BROKER_STATEMENTS).map(([statement, check]) => ({ statement, check: () => check(factory) })),
      ...FEATURE_CASES.map(feature => ({
        statement: `${feature.property}${feature.semantic ? ` (${feature.semantic})` : ''} is refused with path, product and reason, or makes a difference`,
        check: () => checkFeature(factory, feature),
      })),
    ];
  }

  private constructor() {}
}
