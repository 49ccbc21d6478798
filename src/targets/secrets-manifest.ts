import { secretVariable } from './secret-variable';
import type { Application } from '../model/application';
import type { EnvValue } from '../model/env-value';
import type { Secret } from '../model/secret';
import type { WorkloadBase } from '../model/workload-base';

/** What `cdk8s-conduit secrets` reads: what secrets are called outside the project, and where their values are kept. */
export interface SecretsManifest {
  readonly secrets: {
    readonly name: string;
    readonly key: string;
    readonly file: string;
    readonly variable?: string;
    /** Of a part of a certificate. */
    readonly hosts?: string[];
    /** Where the value is brought, and not made. */
    readonly existing?: boolean;
    /** Where a value that is brought must hold nothing that has a meaning in a URL. */
    readonly urlSafe?: boolean;
  }[];
  /** What clients outside are told. */
  readonly clients?: ClientManifest[];
}

/** The secrets of an application, whose values are in one directory; undefined if there is nothing to make. */
export function lowerManifest(application: Application, workloads: WorkloadBase[], secrets: Secret[], directory: string): SecretsManifest | undefined {
  const clients = clientsOf(application, directory);
  if (secrets.length + clients.length === 0) return undefined;
  const variables = new Set(workloads.flatMap(workload => workload.containers.flatMap(container =>
    Object.values(container.env).flatMap(value => value.parts).flatMap(part => part.secretValue ?? []))));
  return {
    secrets: secrets.map(secret => ({
      name: secret.bundle,
      key: secret.key,
      file: `${directory}/${secret.name}`,
      ...(variables.has(secret) ? { variable: secretVariable(secret.name) } : {}),
      ...(secret.hosts ? { hosts: secret.hosts } : {}),
      ...(secret.existing ? { existing: true } : {}),
      ...(secret.existing && secret.urlSafe ? { urlSafe: true } : {}),
    })),
    ...(clients.length > 0 ? { clients } : {}),
  };
}

/** A client outside: the file that `cdk8s-conduit secrets` writes for it, and what is in it. */
export interface ClientManifest {
  readonly file: string;
  readonly values: Record<string, string>;
  /** Names of the secrets whose values are in it. */
  readonly secrets: Record<string, string>;
}

/** What clients outside are told, of whom there is something to tell. */
function clientsOf({ externalClients }: Application, secretsDirectory: string): ClientManifest[] {
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
