import type { Construct } from 'constructs';
import { Certificate } from '../model/certificate';
import type { Workload } from '../model/workload';

/** The certificate of a broker, for all names under which clients reach it; mounted where the broker runs. */
export function certify(broker: Construct, { name, memberNames, main }: Workload): Certificate {
  const certificate = new Certificate(broker, 'Tls', { name: `${name}-tls`, hosts: [name, ...memberNames, ...memberNames.map(member => `${member}.${name}`)] });
  main.mountSecret(certificate.chain);
  main.mountSecret(certificate.key);
  return certificate;
}
