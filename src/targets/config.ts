import type { ConfigFile } from '../model/config-file';
import { shortHash } from '../private/hash';

/** DNS server of the engine, which knows the services by their names. */
export const DNS_RESOLVER = '127.0.0.11';

/** The text of a config file as containers see it. */
export function renderConfig(file: ConfigFile): string {
  return file.render({ dnsResolver: DNS_RESOLVER, dnsSuffix: '' });
}

/**
 * A new text is a new config: a container is made anew when what it refers to has another name, and only then.
 * The file keeps its name, so that a container of before can start again until it is made anew.
 */
export function configName(name: string, text: string): string {
  return `${name}_${shortHash(text)}`;
}
