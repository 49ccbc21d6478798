import type { Construct } from 'constructs';
import type { IServer } from './server';
import { Application } from '../model/application';
import { Warnings } from '../model/warnings';
import { placeOf } from '../private/place';

/** Warns of clients that connect to a server and were granted nothing there: they have no user, and most servers let nobody in without one. */
export function warnOfClientsWithoutUser(server: Construct & IServer): void {
  server.node.addValidation({
    validate: () => {
      const { endpoint } = server;
      const application = Application.of(server);
      const all = endpoint.workload ? application.connectionsTo(endpoint.workload) : application.connections;
      const place = endpoint.workload ?? endpoint.host;
      const edges = all.filter(({ endpoint: { host, port, workload } }) => port === endpoint.port && (workload ?? host) === place);
      const granted = new Set(edges.filter(({ flow }) => flow.action !== 'connect').map(({ client }) => client));
      for (const { client } of edges) {
        const { clientWorkload, clientName } = client;
        if (granted.has(client) || !clientWorkload || clientWorkload.node.scopes.includes(server)) continue;
        Warnings.of(clientWorkload).add('no-user',
          `'${clientName}' connects to ${server.product} '${placeOf(server.node.path)}' and was granted nothing there, so it has no user; call a 'grant…' method instead of 'connectTo'`);
      }
      return [];
    },
  });
}
