// A data store that is right, and wrong in one thing.
import { Access, ConfigFile, Endpoint, IClient, IServer, StoreContract, Volume, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';

const IMAGE = 'registry.example/acme/store:1.0';

class Store extends Construct implements IServer {
  public readonly product: string = 'the store';
  public readonly endpoint: Endpoint;
  protected readonly workload: Workload;
  private readonly keeper: Workload;
  private readonly users: string[] = [];

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.workload = new Workload(this, 'Default', { image: IMAGE, ports: [{ name: 'sql', number: 3306, scheme: 'mysql' }], stable: true });
    this.endpoint = this.workload.endpoint();
    this.workload.main.mountVolume(new Volume(this, 'Data', this.storage()), '/data');
    this.keeper = new Workload(this, 'keeper', { image: IMAGE });
    this.keeper.connectTo(this.endpoint);
    const source = { toText: () => [...this.users].sort().join('\n') };
    this.keeper.main.mountConfigFile(new ConfigFile(this, 'Users', { path: '/etc/users', source }));
  }

  public grantUse(client: IClient, database: string): void {
    this.check(database);
    const owner = (this.node.tryFindChild(`${database}-`) ?? new Construct(this, `${database}-`)) as Construct;
    this.admit(this.grant(owner, client, database), database);
  }

  protected storage(): object {
    return { perMember: true };
  }

  protected check(database: string): void {
    if (!/^[a-z]+$/.test(database)) throw new Error(`${this.node.path}: a database's name must be lower-case letters, got '${database}'`);
  }

  protected grant(owner: Construct, client: IClient, database: string): Access {
    return Access.grant(owner, this, client, { action: 'use', channel: database, urlPath: database });
  }

  protected admit(access: Access, database: string): void {
    this.keeper.main.mountSecret(access.principal.password);
    this.users.push(`${access.principal.userName} ${database}`);
    access.bind({ variables: { DATABASE: database } });
  }
}

const casesOf = (Kind: typeof Store, databases?: boolean) => StoreContract.cases({
  makeServer: (application, id) => new Kind(application, id),
  grantAccess: (server, client, channel) => (server as Store).grantUse(client, channel),
}, { databases });

function judge(statement: string, Kind: typeof Store, databases?: boolean): void {
  const [found, ...others] = casesOf(Kind, databases).filter(each => each.statement === statement);
  if (!found || others.length > 0) throw new Error(`there is not one case '${statement}'`);
  found.check();
}

/** A store of keys, which no URL names. */
class KeyStore extends Store {
  protected grant(owner: Construct, client: IClient, channel: string) { return Access.grant(owner, this, client, { action: 'use', channel }); }
}

describe('a data store that is right', () => {
  for (const each of casesOf(Store)) test(each.statement, () => each.check());
});

describe('a store of keys that is right', () => {
  for (const each of casesOf(KeyStore, false)) test(each.statement, () => each.check());
});

test('a store of keys whose URL says more is found out', () => {
  expect(() => judge('the URL that a client is told is that of the server', Store, false)).toThrow(
    "on Kubernetes 'server-orders-seller-use' must be told the URL 'mysql://server:3306', got 'mysql://server:3306/orders'");
});

test.each<[string, string, typeof Store, string]>([
  ['whose URL does not say which database', 'the URL that a client is told ends with its database',
    KeyStore, "on Kubernetes 'server-orders-seller-use' must be told the URL 'mysql://server:3306/orders', got 'mysql://server:3306'"],
  ['that grants twice', 'a client is granted the same once',
    class extends Store {
      public grantUse(client: IClient, database: string) { if (!this.node.tryFindChild(`${database}-`)) super.grantUse(client, database); }
    }, "a second grant of 'orders' to one client must be refused"],
  ['that takes any name', 'what is granted has no name that could mean anything else',
    class extends Store {
      protected check() {}
      protected grant(owner: Construct, client: IClient) { return Access.grant(owner, this, client, { action: 'use', channel: 'any' }); }
    }, 'the name "" must be refused'],
  ['that is told of its users', 'a further grant leaves the program alone that runs the server',
    class extends Store {
      protected admit(access: Access, database: string) { super.admit(access, database); this.workload.main.mountSecret(access.principal.password); }
    }, 'the program that runs the server must be the same after a further grant, got '],
  ['that forgets', 'data outlive the program that stores them',
    class extends Store { protected storage() { return { persistent: false }; } }, 'must write into a volume that persists'],
])('a data store %s is found out', (_, statement, Kind, message) => {
  expect(() => judge(statement, Kind)).toThrow(message);
  expect(() => judge(statement, Store)).not.toThrow();
});
