import { ChannelKind, IMessageSupport, MessageSemantic, SupportLevel } from './semantics';
import { checkCall } from '../private/check-call';
import { byText } from '../private/names';

/** Brokers that a refusal can name as a remedy. Each of them registers itself when its module is loaded, a broker of your own, too. */
export class KnownBrokers {
  /**
   * Has refusals name a broker where it does what another one refuses.
   * @param name what a program writes to have it, such as the name of its class
   * @param broker what it makes of semantics
   */
  public static register(name: string, broker: IMessageSupport): void {
    checkCall(this, 'KnownBrokers.register', arguments);
    KnownBrokers.brokers.set(name, broker);
  }

  /** Names of all brokers that do not refuse a semantic. */
  public static thatCan(semantic: MessageSemantic, kind: ChannelKind): string[] {
    checkCall(this, 'KnownBrokers.thatCan', arguments);
    return [...KnownBrokers.brokers].filter(([, broker]) => broker.support(semantic, kind).level !== SupportLevel.REFUSED).map(([name]) => name).sort(byText);
  }

  private static readonly brokers = new Map<string, IMessageSupport>();

  private constructor() {}
}
