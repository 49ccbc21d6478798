import type { Application } from '../../model/application';
import type { EnvValue } from '../../model/env-value';

/** A client outside: the file that `cdk8s-conduit secrets` writes for it, and what is in it. */
export interface ClientManifest {
  readonly file: string;
  readonly values: Record<string, string>;
  /** Names of the secrets whose values are in it. */
  readonly secrets: Record<string, string>;
}

/** What clients outside are told, of whom there is something to tell. */
export function lowerClients({ externalClients }: Application, secretsDirectory: string): ClientManifest[] {
  return externalClients.filter(({ env }) => Object.keys(env).length > 0).map(({ name, env }) => {
    const entries = Object.entries(env);
    const secrets = entries.flatMap(([key, value]) => secretOf(value) ? [[key, secretOf(value)!.name]] : []);
    const values = entries.flatMap(([key, value]) => secretOf(value) ? [] : [[key, value.text!]]);
    return { file: `${secretsDirectory}/${name}.json`, values: Object.fromEntries(values), secrets: Object.fromEntries(secrets) };
  });
}

function secretOf({ fileOf, secretValue }: EnvValue) {
  return fileOf ?? secretValue;
}
