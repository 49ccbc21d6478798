import type { IContractCase } from './contract-case';
import { IServerFactory, ServerContract } from './server-contract';
import { ServerSetting } from './server-setting';
import { DATABASE_STATEMENTS, KEY_STATEMENTS, STORE_STATEMENTS } from './store-statements';
import { checkCall } from '../private/check-call';

/** What a data store is that is to be judged. */
export interface StoreContractOptions {
  /**
   * Whether clients are granted databases, so that a URL ends with one. Otherwise, as with keys, it is the server's.
   * @default true
   */
  readonly databases?: boolean;
}

/**
 * What every data store must do, whoever wrote it. It is all of `ServerContract`, with what clients are granted, such as databases, as channels, and
 * what follows from keeping data. Names that the contract gives to them are words of lower-case letters.
 * `for (const each of StoreContract.cases(factory)) test(each.statement, () => each.check());`
 */
export class StoreContract {
  /** All cases. */
  public static cases(factory: IServerFactory, options: StoreContractOptions = {}): IContractCase[] {
    checkCall(this, 'StoreContract.cases', arguments);
    const { databases = true } = options;
    const own = Object.entries({ ...(databases ? DATABASE_STATEMENTS : KEY_STATEMENTS), ...STORE_STATEMENTS }).map(([statement, check]) => ({
      statement, check: () => check(() => new ServerSetting(factory), factory),
    }));
    return [...ServerContract.cases(factory), ...own];
  }

  private constructor() {}
}
