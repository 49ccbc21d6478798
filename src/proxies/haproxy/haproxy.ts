import type { Construct } from 'constructs';
import { renderConfiguration, renderUsers } from './configuration';
import { HAPROXY_IMAGE } from './image';
import { CONFIGURATION_PATH, RUN_PATH, START_PATH, startScript, USERS_PATH } from './start';
import { HAPROXY_SUPPORT } from './support';
import { Application } from '../../model/application';
import { ConfigFile } from '../../model/config-file';
import { EnvValue, PlatformValue } from '../../model/env-value';
import { HealthCheck } from '../../model/health-check';
import type { Resources } from '../../model/resources';
import { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import type { ProxyFeature, ProxyFeatureSupport } from '../features';
import { KnownProxyEngines } from '../known-engines';
import { IProxyEngine, ProxyPorts, ProxyRuntimeProps } from '../proxy-engine';

/** Options of HAProxy. */
export interface HaProxyProps {
  /**
   * Processors, memory and disk of each replica; it runs a thread for each processor.
   * @default - see the members of `Resources`
   */
  readonly resources?: Resources;
}

/** Proxies by HAProxy 3.2. */
export class HaProxy implements IProxyEngine {
  public readonly product = 'HAProxy';
  private readonly resources?: Resources;

  public constructor(props: HaProxyProps = {}) {
    checkCall(new.target, 'HaProxy', arguments);
    this.resources = props.resources;
  }

  public support(feature: ProxyFeature): ProxyFeatureSupport {
    checkCall(this, 'HaProxy.support', arguments);
    return HAPROXY_SUPPORT[feature];
  }

  public run(scope: Construct, props: ProxyRuntimeProps): Workload {
    checkCall(this, 'HaProxy.run', arguments);
    const image = Application.of(scope).images.register(HAPROXY_IMAGE);
    const { declarations, replicas, tls } = props;
    const workload = new Workload(scope, 'Default', {
      image: image.reference,
      user: image.user,
      group: image.group,
      command: ['sh', START_PATH],
      ports: [
        { name: 'http', number: ProxyPorts.HTTP },
        ...(tls ? [{ name: 'https', number: ProxyPorts.HTTPS }] : []),
        { name: 'health', number: ProxyPorts.HEALTH, scheme: 'http' },
      ],
      health: HealthCheck.http(ProxyPorts.HEALTH, '/'),
      writablePaths: [RUN_PATH],
      env: { DNS_SUFFIX: EnvValue.platform(PlatformValue.DNS_SUFFIX) },
      resources: this.resources,
      stopSignal: 'SIGUSR1', // what is in work is brought to an end
      replicas,
    });
    const threads = Math.max(1, Math.ceil(workload.main.resources.cpuLimit));
    const addFile = (id: string, path: string, toText: () => string) => workload.main.mountConfigFile(new ConfigFile(scope, id, { path, source: { toText } }));
    addFile('Configuration', CONFIGURATION_PATH, () => renderConfiguration(declarations.configuration, threads));
    addFile('Users', USERS_PATH, () => renderUsers(declarations.configuration));
    addFile('Start', START_PATH, () => {
      const certificate = declarations.configuration.tls?.certificate;
      return startScript(certificate && { chain: certificate.chain.path, key: certificate.key.path });
    });
    return workload;
  }
}

KnownProxyEngines.register('HaProxy', { support: feature => HAPROXY_SUPPORT[feature] });
