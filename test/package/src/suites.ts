import { BrokerContract, IContractCase, StoreContract, TargetContract } from 'cdk8s-conduit';
import { CACHED_SERVICE_CASES } from './cached-service-cases';
import { Graphviz } from './graphviz';
import { MariaDb, MariaDbProps } from './maria-db';
import { RedisStreams } from './redis-streams';
import { SAFE_OPERATOR_CASES } from './safe-operator-cases';

/** Everything that this package adds to the library, with what must be true of it. Whatever else it is to add is a file and a line here. */
export const SUITES: Record<string, IContractCase[]> = {
  'CachedService, a pattern': CACHED_SERVICE_CASES,
  'RedisStreams, a broker': BrokerContract.cases({ makeBroker: (application, id) => new RedisStreams(application, id) }),
  'MariaDb, a data store': casesOfMariaDb(),
  'MariaDb, by TLS': casesOfMariaDb({ tls: true }),
  'MariaDb, external': casesOfMariaDb({ external: { host: 'db.example' } }),
  'Graphviz, a target': TargetContract.cases(new Graphviz()),
  'SafeOperator, a provider': SAFE_OPERATOR_CASES,
};

function casesOfMariaDb(props: MariaDbProps = {}): IContractCase[] {
  return StoreContract.cases({
    makeServer: (application, id) => new MariaDb(application, id, props),
    grantAccess: (server, client, channel) => (server as MariaDb).grantUse(client, { database: channel }),
  });
}
