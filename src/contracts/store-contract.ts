import type { IContractCase } from './contract-case';
import { IServerFactory, ServerContract } from './server-contract';
import { ServerSetting } from './server-setting';
import { STORE_STATEMENTS } from './store-statements';
import { checkCall } from '../private/check-call';

/**
 * What every data store must do whose clients are granted databases, whoever wrote it. It is all of `ServerContract`, with databases as channels, and
 * what follows from keeping data. Names that the contract gives to databases are words of lower-case letters.
 * `for (const each of StoreContract.cases(factory)) test(each.statement, () => each.check());`
 */
export class StoreContract {
  /** All cases. */
  public static cases(factory: IServerFactory): IContractCase[] {
    checkCall(this, 'StoreContract.cases', arguments);
    const own = Object.entries(STORE_STATEMENTS).map(([statement, check]) => ({
      statement, check: () => check(() => new ServerSetting(factory), factory),
    }));
    return [...ServerContract.cases(factory), ...own];
  }

  private constructor() {}
}
