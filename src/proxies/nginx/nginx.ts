import type { Construct } from 'constructs';
import { renderConfiguration, renderUsers } from './configuration';
import { NGINX_IMAGE } from './image';
import { CONFIGURATION_PATH, START_PATH, startScript, USERS_PATH } from './start';
import { NGINX_SUPPORT } from './support';
import type { Resources } from '../../model/resources';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import type { ProxyFeature, ProxyFeatureSupport } from '../features';
import { KnownProxyEngines } from '../known-engines';
import type { IProxyEngine, ProxyRuntimeProps } from '../proxy-engine';
import { runProxy } from '../proxy-workload';

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
    const { declarations } = props;
    return runProxy(scope, props, {
      image: NGINX_IMAGE,
      resources: this.resources,
      stopSignal: 'SIGQUIT',
      startPath: START_PATH,
      texts: [
        { id: 'Configuration', path: CONFIGURATION_PATH, toText: processes => renderConfiguration(declarations.configuration, processes) },
        { id: 'Users', path: USERS_PATH, toText: () => renderUsers(declarations.configuration) },
        { id: 'Start', path: START_PATH, toText: startScript },
      ],
    });
  }
}

KnownProxyEngines.register('Nginx', { support: feature => NGINX_SUPPORT[feature] });
