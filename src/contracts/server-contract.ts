import type { IContractCase } from './contract-case';
import { ServerSetting } from './server-setting';
import { SERVER_STATEMENTS } from './server-statements';
import type { Application } from '../model/application';
import type { IClient } from '../model/client';
import { checkCall } from '../private/check-call';
import type { IServer } from '../servers/server';

/** Makes a server that is to be judged, and grants access to it. */
export interface IServerFactory {
  /**
   * Makes the server.
   * @param application that it is to be part of
   * @param id of the server's construct
   */
  makeServer(application: Application, id: string): IServer;
  /**
   * Grants a client access.
   * @param server what `makeServer` made
   * @param client who gets access
   * @param channel name of what access is granted to, such as a database; the client has to be told of it by a variable
   */
  grantAccess(server: IServer, client: IClient, channel: string): void;
}

/**
 * What every server must do that gives access by user and password, whoever wrote it: data stores, registries and others.
 * Each case builds an application and judges what both targets make of it, in any test runner:
 * `for (const each of ServerContract.cases(factory)) test(each.statement, () => each.check());`
 */
export class ServerContract {
  /** All cases. */
  public static cases(factory: IServerFactory): IContractCase[] {
    checkCall(this, 'ServerContract.cases', arguments);
    return Object.entries(SERVER_STATEMENTS).map(([statement, check]) => ({
      statement, check: () => check((application, id) => new ServerSetting(factory, application, id)),
    }));
  }

  private constructor() {}
}
