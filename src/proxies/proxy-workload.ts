import type { Construct } from 'constructs';
import { ProxyPorts, ProxyRuntimeProps } from './proxy-engine';
import { Application } from '../model/application';
import { ConfigFile } from '../model/config-file';
import { EnvValue, PlatformValue } from '../model/env-value';
import { HealthCheck } from '../model/health-check';
import type { CatalogueImage } from '../model/images';
import type { Resources } from '../model/resources';
import { Workload } from '../model/workload';

/** Memory of a proxy's own. */
export const RUN_PATH = '/run/conduit';

/** What tells the program of one engine from those of the others. */
interface ProxyProgram {
  readonly image: CatalogueImage;
  readonly resources?: Resources;
  /** Has it bring to an end what is in work. */
  readonly stopSignal: string;
  /** The shell script that starts it, which is one of `texts`. */
  readonly startPath: string;
  /** Its files, each written when the application is complete. */
  readonly texts: ProxyText[];
}

/** A file of the program. */
interface ProxyText {
  /** Of the construct below the proxy. */
  readonly id: string;
  readonly path: string;
  /** @param processors how many it may use */
  readonly toText: (processors: number) => string;
}

/** Makes the workload of a proxy, with the files of its program. */
export function runProxy(scope: Construct, { replicas, tls, proxyProtocol }: ProxyRuntimeProps, program: ProxyProgram): Workload {
  const image = Application.of(scope).images.register(program.image);
  const workload = new Workload(scope, 'Default', {
    image: image.reference,
    uid: image.uid,
    gid: image.gid,
    command: ['sh', program.startPath],
    ports: [
      { name: 'http', number: ProxyPorts.HTTP },
      ...(tls ? [{ name: 'https', number: ProxyPorts.HTTPS }] : []),
      ...(proxyProtocol ? [{ name: 'http-proxied', number: ProxyPorts.HTTP_PROXIED, scheme: 'http' }] : []),
      ...(proxyProtocol && tls ? [{ name: 'https-proxied', number: ProxyPorts.HTTPS_PROXIED, scheme: 'https' }] : []),
      { name: 'health', number: ProxyPorts.HEALTH, scheme: 'http' },
    ],
    health: HealthCheck.http(ProxyPorts.HEALTH, '/'),
    writablePaths: [RUN_PATH],
    env: { DNS_SUFFIX: EnvValue.platform(PlatformValue.DNS_SUFFIX) },
    resources: program.resources,
    stopSignal: program.stopSignal,
    replicas,
  });
  const { cpuRequest, cpuLimit = cpuRequest } = workload.main.resources;
  const processors = Math.max(1, Math.ceil(cpuLimit));
  for (const { id, path, toText } of program.texts) {
    workload.main.mountConfigFile(new ConfigFile(scope, id, { path, source: { toText: () => toText(processors) } }));
  }
  return workload;
}
