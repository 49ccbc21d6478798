import type { Construct } from 'constructs';
import { Application } from '../model/application';
import { Problems } from '../private/problems';
import type { Principal } from '../servers/access';
import { checkProvisioningTrust, ExternalHosts, ExternalServer } from '../servers/external';
import type { ServerRuntime } from '../servers/server';

/** What stands behind a data store. */
export interface StoreRuntime extends ServerRuntime {
  /** Whether clients connect by TLS. */
  readonly tls: boolean;
  /** Who makes what clients are granted; undefined if others do. */
  readonly administrator?: Principal;
}

/** Where an external server is, with the port and the scheme of URLs that its product has by default. */
interface ExternalStore {
  readonly host: string;
  readonly port: number;
  readonly scheme: string;
  readonly tls: boolean;
}

/**
 * An external server of any product.
 * @param contradictions names of options that only a server has that the application runs
 */
export function runExternal(store: Construct, external: ExternalServer, contradictions: string[], { host, port, scheme, tls }: ExternalStore): StoreRuntime {
  const place = new ExternalHosts(store, [host], external, contradictions);
  const problems = new Problems(store.node.path);
  checkProvisioningTrust(problems, external);
  Application._keep(store, problems);
  return { endpoint: place.endpoint(port, scheme), caCertificates: external.caCertificates, tls, administrator: place.addAdministrator() };
}
