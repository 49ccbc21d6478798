import type { Client } from './client';
import type { Endpoint } from './endpoint';
import { EndpointPart, EnvValue } from './env-value';

/** What a program may be told of every endpoint. */
export const ADDRESS_ENDINGS = ['HOST', 'PORT', 'ADDRESS', 'URL'];

/** The variables by which a client learns of one edge: those that stand behind a prefix, or those that the program names. */
export class EdgeVariables {
  private readonly offered = new Set<string>();

  public constructor(private readonly client: Client, private readonly prefix: string, private readonly names?: Record<string, string>) {}

  /** Sentences on what the program names and the edge does not have; `others` are told beside. */
  public problems(others: string[] = []): string[] {
    const known = [...others, ...this.offered];
    return Object.keys(this.names ?? {}).filter(ending => !known.includes(ending))
      .map(ending => `'variables' must name some of ${known.join(', ')}, got '${ending}'`);
  }

  public tellAddress(endpoint: Endpoint, urlPath?: string): void {
    this.tell('HOST', EnvValue.endpoint(endpoint, EndpointPart.HOST));
    this.tell('PORT', EnvValue.endpoint(endpoint, EndpointPart.PORT));
    this.offer('ADDRESS', EnvValue.endpoint(endpoint, EndpointPart.ADDRESS));
    const url = urlPath === undefined ? EnvValue.endpoint(endpoint) : EnvValue.literal(`${endpoint.url}/${urlPath}`);
    if (endpoint.hasScheme || urlPath !== undefined) this.tell('URL', url);
    else this.offer('URL', url);
  }

  /** Sets a variable, unless the program names others. */
  public tell(ending: string, value: EnvValue): void {
    if (this.names) this.offer(ending, value);
    else this.client.setEnv(`${this.prefix}_${ending}`, value);
  }

  /** Sets a variable if the program names it. */
  private offer(ending: string, value: EnvValue): void {
    this.offered.add(ending);
    const name = this.names?.[ending];
    if (name === undefined) return;
    this.client.setEnv(name, value);
    this.client._namedVariables.add(name);
  }
}
