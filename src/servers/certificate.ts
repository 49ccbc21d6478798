import type { Construct } from 'constructs';
import { Certificate } from '../model/certificate';
import type { Workload } from '../model/workload';
import { checkCall } from '../private/check-call';

/** Options of a server's certificate. */
export interface ServerCertificateProps {
  /** Workloads that run the server, the one that clients connect to first. */
  readonly workloads: Workload[];
}

/**
 * A server's certificate for all names under which its workloads are reached, also by clients outside the application. The workloads see the certificate and its key as files.
 * The certificate is called `<name>-tls` after the first workload.
 */
export class ServerCertificate extends Certificate {
  /** @throws if there is no workload. */
  public constructor(scope: Construct, id: string, props: ServerCertificateProps) {
    checkCall(new.target, 'ServerCertificate', arguments);
    const { workloads } = props;
    if (workloads.length === 0) throw new Error(`${scope.node.path}/${id}: 'workloads' must have the workload that runs the server`);
    super(scope, id, {
      name: `${workloads[0].name}-tls`,
      hosts: workloads.flatMap(({ name, memberNames }) => [name, ...memberNames, ...memberNames.map(member => `${member}.${name}`)]),
    });
    const publicHosts = () => workloads.flatMap(({ publishedPorts }) => publishedPorts.flatMap(port => port.publicHosts));
    for (const part of [this.chain, this.key, this.caCertificates]) part._addHosts(publicHosts);
    for (const { main } of workloads) {
      main.mountSecret(this.chain);
      main.mountSecret(this.key);
    }
  }
}
