import type { IContractCase } from './contract-case';
import { checkElement } from './targets/element-check';
import { Expectations } from './targets/expectations';
import { ELEMENTS } from './targets/sample';
import { TARGET_STATEMENTS } from './targets/target-statements';
import { checkCall } from '../private/check-call';
import type { ITarget } from '../targets/target';

/**
 * What every target must do, whoever wrote it, also one that runs no programs. Each case builds applications, and judges what the target
 * makes of them, in any test runner: `for (const each of TargetContract.cases(target)) test(each.statement, () => each.check());`
 */
export class TargetContract {
  /** All cases. */
  public static cases(target: ITarget): IContractCase[] {
    checkCall(this, 'TargetContract.cases', arguments);
    const toCase = (statement: string, judge: (must: Expectations) => void): IContractCase => ({
      statement,
      check: () => {
        const must = new Expectations(target.name, statement);
        judge(must);
        must.throwIfAny();
      },
    });
    return [
      ...Object.entries(TARGET_STATEMENTS).map(([statement, check]) => toCase(statement, must => check(target, must))),
      ...ELEMENTS.map(element => {
        const statement = element.isShown ? 'is shown, left out with a reason, or refused' : 'is taken, or refused';
        return toCase(`${element.what} ${statement} with path, reason and remedy`, must => checkElement(target, element, must));
      }),
    ];
  }

  private constructor() {}
}
