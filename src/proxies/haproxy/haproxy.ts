import type { Construct } from 'constructs';
import { renderConfiguration, renderUsers } from './configuration';
import { HAPROXY_IMAGE } from './image';
import { CONFIGURATION_PATH, START_PATH, startScript, USERS_PATH } from './start';
import { HAPROXY_SUPPORT } from './support';
import type { Resources } from '../../model/resources';
import type { Workload } from '../../model/workload';
import { checkCall } from '../../private/check-call';
import type { ProxyFeature, ProxyFeatureSupport } from '../features';
import { KnownProxyEngines } from '../known-engines';
import type { IProxyEngine, ProxyRuntimeProps } from '../proxy-engine';
import { runProxy } from '../proxy-workload';

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
    const { declarations } = props;
    return runProxy(scope, props, {
      image: HAPROXY_IMAGE,
      resources: this.resources,
      stopSignal: 'SIGUSR1',
      startPath: START_PATH,
      texts: [
        { id: 'Configuration', path: CONFIGURATION_PATH, toText: threads => renderConfiguration(declarations.configuration, threads) },
        { id: 'Users', path: USERS_PATH, toText: () => renderUsers(declarations.configuration) },
        { id: 'Start', path: START_PATH, toText: () => startScript(declarations.configuration.tls?.certificate) },
      ],
    });
  }
}

KnownProxyEngines.register('HaProxy', { support: feature => HAPROXY_SUPPORT[feature] });
