import type { ConfigFile } from '../../model/config-file';
import { shortHash } from '../../private/hash';

/** The text of a config file as containers see it. */
export function renderConfig(file: ConfigFile): string {
  return file.render({ dnsResolver: '127.0.0.11', dnsSuffix: '' });
}

/**
 * A new text is a new config: Compose makes a container anew when what it refers to has another name, and only then.
 * The file keeps its name, so that a container of before can start again until it is made anew.
 */
export function configName(file: ConfigFile): string {
  return `${file.name}_${shortHash(renderConfig(file))}`;
}
