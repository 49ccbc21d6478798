import { IProxySupport, ProxyFeature, ProxySupportLevel } from './features';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** Engines that a refusal can name as a remedy. Each of them registers itself when its module is loaded, one of your own, too. */
export class KnownProxyEngines {
  /**
   * Has refusals name an engine where it does what another one refuses.
   * @param name what a program writes to have it, such as the name of its class
   * @param engine what it makes of features
   */
  public static register(name: string, engine: IProxySupport): void {
    checkCall(this, 'KnownProxyEngines.register', arguments);
    KnownProxyEngines.engines.set(name, engine);
  }

  /** Names of all engines that do not refuse a feature. */
  public static thatCan(feature: ProxyFeature): string[] {
    checkCall(this, 'KnownProxyEngines.thatCan', arguments);
    const able = [...KnownProxyEngines.engines].filter(([, engine]) => engine.support(feature).level !== ProxySupportLevel.REFUSED);
    return able.map(([name]) => name).sort(byText);
  }

  private static readonly engines = new Map<string, IProxySupport>();

  private constructor() {}
}
