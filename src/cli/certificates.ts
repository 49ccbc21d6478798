import { randomBytes } from 'crypto';
import { isIP } from 'net';
import { md, pki } from 'node-forge';

const YEARS = 2;

/** A new authority, and a certificate that it signed, in PEM by the usual keys. The authority's own key is gone afterwards. */
export function makeCertificate(name: string, hosts: string[]): Record<string, string> {
  const authority = issue(`${name} authority`, [{ name: 'basicConstraints', cA: true, critical: true }, { name: 'keyUsage', keyCertSign: true, critical: true }]);
  const server = issue(hosts[0], [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hosts.map(host => isIP(host) > 0 ? { type: 7, ip: host } : { type: 2, value: host }) },
  ], authority);
  return {
    'tls.crt': pki.certificateToPem(server.certificate),
    'tls.key': pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(server.keys.privateKey))), // in PKCS #8, which Java takes, too
    'ca.crt': pki.certificateToPem(authority.certificate),
  };
}

interface Issued {
  readonly certificate: pki.Certificate;
  readonly keys: pki.rsa.KeyPair;
}

function issue(commonName: string, extensions: object[], issuer?: Issued): Issued {
  const keys = pki.rsa.generateKeyPair(2048);
  const certificate = pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notAfter.setFullYear(certificate.validity.notBefore.getFullYear() + YEARS);
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  certificate.setIssuer(issuer ? issuer.certificate.subject.attributes : certificate.subject.attributes);
  // strict clients, such as those in Python, want to be told whose key is whose
  const issuerKey = (issuer?.certificate ?? certificate).generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([...extensions, { name: 'subjectKeyIdentifier' }, { name: 'authorityKeyIdentifier', keyIdentifier: issuerKey }]);
  certificate.sign(issuer ? issuer.keys.privateKey : keys.privateKey, md.sha256.create());
  return { certificate, keys };
}
