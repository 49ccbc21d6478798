// A server that is no broker, right, and wrong in one thing.
import { Access, ConfigFile, Endpoint, IClient, IServer, ServerContract, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';

const IMAGE = 'registry.example/acme/store:1.0';

/** A store with a user for each grant, whose password it reads from a file. */
class Store extends Construct implements IServer {
  public readonly product: string = 'the store';
  public readonly workload: Workload;
  private readonly rights: string[] = [];

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.workload = new Workload(this, 'Default', { image: IMAGE, ports: [{ name: 'sql', number: 3306, scheme: 'mysql' }] });
    const source = { toText: () => this.listed().join('\n') };
    this.workload.main.mountConfigFile(new ConfigFile(this, 'Rights', { path: '/etc/store/rights', source }));
  }

  public get endpoint() {
    return this.workload.endpoint();
  }

  public grantUse(client: IClient, database: string): Access {
    const owner = this.node.tryFindChild(database) ?? new Construct(this, database);
    const access = Access.grant(owner as Construct, this, client, { action: 'use', channel: database });
    this.admit(access, database);
    return access;
  }

  protected admit({ principal: { userName, password } }: Access, database: string): void {
    this.workload.main.mountSecret(password);
    this.rights.push(`${userName} ${password.path} ${database}`);
  }

  protected listed(): string[] {
    return [...this.rights].sort();
  }
}

const casesOf = (Kind: typeof Store, grant: (store: Store, client: IClient, database: string) => void = grantUse) => ServerContract.cases({
  makeServer: (application, id) => new Kind(application, id),
  grantAccess: (server, client, channel) => grant(server as Store, client, channel),
});

function grantUse(store: Store, client: IClient, database: string): void {
  store.grantUse(client, database).bind({ variables: { DATABASE: database } });
}

function judge(statement: string, ...given: Parameters<typeof casesOf>): void {
  const [found, ...others] = casesOf(...given).filter(each => each.statement === statement);
  if (!found || others.length > 0) throw new Error(`there is not one case '${statement}'`);
  found.check();
}

describe('a store that is right', () => {
  for (const each of casesOf(Store)) test(each.statement, () => each.check());
});

test.each<[string, string, Parameters<typeof casesOf>, string]>([
  ['that has no name', 'it has a name, and an endpoint that the application has, or that is outside of it',
    [class extends Store { public readonly product = ''; }], "contract of : 'product' must be what people call the server, got ''"],
  ['that cannot be without users', 'it can be there without anyone who uses it',
    [class extends Store { protected listed() { return [super.listed()[0].trim()]; } }], "Cannot read properties of undefined (reading 'trim')"],
  ['that does not say which database', 'a client is told address, user, the file of the password, and the name of what it may use',
    [Store, (store, client, database) => { store.grantUse(client, database); }], "on Kubernetes 'seller' must be told 'orders' by a variable of its own, got none"],
  ['that gives no user', 'a client is told address, user, the file of the password, and the name of what it may use',
    [Store, (store, client) => { client.toClient().connectTo(store.endpoint); }], "a grant must tell 'contract/seller' one <PREFIX>_USER with its <PREFIX>_PASSWORD_FILE, got none"],
  ['that does not know its users', 'each grant has a user and a password of its own, a file that only client and server see',
    [class extends Store { protected admit() {} }], "on Kubernetes the server must have the password of 'server-orders-seller-use' as a file, and only seller has it"],
  ['whose task nobody waits for, as it is external', 'a client starts after the server, and after what provisions it',
    [class extends Store { public get endpoint() { return Endpoint.external('store.example', 3306); } }], "an external server must have a task that makes 'contract-server-orders-seller-use', got none"],
  ['that shows its clients more', 'a client reaches the server, and nothing else',
    [Store, (store, client, database) => {
      grantUse(store, client, database);
      const console = (store.node.tryFindChild('console') ?? new Workload(store, 'console', { image: IMAGE, ports: [{ name: 'http', number: 80 }] })) as Workload;
      client.toClient().connectTo(console.endpoint());
    }], "on Kubernetes the network must be open between 'seller' and server, got server, server-console"],
  ['that lists users as they come', 'the order of declarations and grants makes no difference',
    [class extends Store {
      private readonly names: string[] = [];
      protected admit(access: Access, database: string) { super.admit(access, database); this.names.push(access.principal.userName); }
      protected listed() { return this.names; }
    }], 'on Kubernetes another order of declarations and grants must give the same output, got '],
])('a store %s is found out', (_, statement, given, message) => {
  expect(() => judge(statement, ...given)).toThrow(message);
  expect(() => judge(statement, Store)).not.toThrow();
});
