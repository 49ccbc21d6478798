import { isIPv4 } from 'net';
import type { CertificateIssuer } from './proxy-routes';
import { requireObjectName } from './routing';
import type { ReverseProxy } from '../patterns/reverse-proxy';
import type { Problems } from '../private/problems';

const PREFIX = 'cert-manager.io/';

/** By what the object that has cert-manager make a certificate names the issuer. */
export function issuerAnnotations(issuer?: CertificateIssuer): Record<string, string> {
  return issuer ? { [`${PREFIX}${issuer.clusterWide ? 'cluster-issuer' : 'issuer'}`]: issuer.name } : {};
}

/**
 * Notes that an issuer is given where cert-manager would make no certificate, of which it says nothing or only in an event.
 * @see https://cert-manager.io/docs/usage/gateway/
 */
export function checkIssuer(problems: Problems, { certificate, configuration: { hosts } }: ReverseProxy, issuer?: CertificateIssuer): void {
  if (!issuer) return;
  requireObjectName(problems, "'name' of 'issuer'", issuer.name);
  problems.check(certificate !== undefined, "'issuer' makes certificates, and the proxy has none; give it 'tls', or leave out 'issuer'");
  problems.check(hosts !== undefined, "'issuer' makes a certificate for 'hosts'; give the proxy these, or leave out 'issuer'");
  for (const host of hosts ?? []) problems.check(!isIPv4(host), `'issuer' makes certificates for names, and '${host}' of 'hosts' is an address; leave it out`);
}

/** Notes what annotations say of certificates that is said otherwise, or that cert-manager does not take. */
export function checkCertificateAnnotations(problems: Problems, annotations: Record<string, string>): void {
  for (const name of ['issuer', 'cluster-issuer']) {
    problems.check(annotations[`${PREFIX}${name}`] === undefined, `'${PREFIX}${name}' of 'annotations' is written by 'issuer'; give that`);
  }
  const { [`${PREFIX}common-name`]: commonName = '' } = annotations;
  problems.check(commonName.length <= 64, `'${PREFIX}common-name' of 'annotations' must have at most 64 characters, got ${commonName.length}`);
}
