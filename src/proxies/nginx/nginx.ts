import type { Construct } from 'constructs';
import { renderConfiguration, renderUsers } from './configuration';
import { NGINX_IMAGE } from './image';
import { CONFIGURATION_PATH, RUN_PATH, START_PATH, startScript, USERS_PATH } from './start';
import { NGINX_SUPPORT } from './support';
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

/** Options of nginx. */
export interface NginxProps {
  /**
   * Processors, memory and disk of each replica; it runs a process for each processor.
   * @default - see the members of `Resources`
   */
  readonly resources?: Resources;
}

/** Proxies by nginx 1.30. */
export class Nginx implements IProxyEngine {
  public readonly product = 'nginx';
  private readonly resources?: Resources;

  public constructor(props: NginxProps = {}) {
    checkCall(new.target, 'Nginx', arguments);
    this.resources = props.resources;
  }

  public support(feature: ProxyFeature): ProxyFeatureSupport {
    checkCall(this, 'Nginx.support', arguments);
    return NGINX_SUPPORT[feature];
  }

  public run(scope: Construct, props: ProxyRuntimeProps): Workload {
    checkCall(this, 'Nginx.run', arguments);
    const image = Application.of(scope).images.register(NGINX_IMAGE);
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
      stopSignal: 'SIGQUIT', // what is in work is brought to an end
      replicas,
    });
    const processes = Math.max(1, Math.ceil(workload.main.resources.cpuLimit));
    const addFile = (id: string, path: string, toText: () => string) => workload.main.mountConfigFile(new ConfigFile(scope, id, { path, source: { toText } }));
    addFile('Configuration', CONFIGURATION_PATH, () => renderConfiguration(declarations.configuration, processes));
    addFile('Users', USERS_PATH, () => renderUsers(declarations.configuration));
    addFile('Start', START_PATH, startScript);
    return workload;
  }
}

KnownProxyEngines.register('Nginx', { support: feature => NGINX_SUPPORT[feature] });
