import type { Construct } from 'constructs';
import { Certificate } from '../model/certificate';
import type { Workload } from '../model/workload';

/** The certificate of a broker, for all names under which its workloads are reached, the first being that of clients; mounted where they run. */
export function certify(broker: Construct, workloads: Workload[]): Certificate {
  const hosts = workloads.flatMap(({ name, memberNames }) => [name, ...memberNames, ...memberNames.map(member => `${member}.${name}`)]);
  const certificate = new Certificate(broker, 'Tls', { name: `${workloads[0].name}-tls`, hosts });
  for (const { main } of workloads) {
    main.mountSecret(certificate.chain);
    main.mountSecret(certificate.key);
  }
  return certificate;
}
