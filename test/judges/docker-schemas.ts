// Judges from outside the project, for Compose files and stack files.
import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv2020, { ValidateFunction } from 'ajv/dist/2020';
import { explain } from './judges';

let validateCompose: ValidateFunction | undefined;

/** What the schema of the Compose Specification finds in a parsed Compose file. */
export function composeSchema(composeFile: unknown): string[] {
  validateCompose ??= new Ajv2020({ strict: false })
    .compile(JSON.parse(readFileSync(join(__dirname, 'compose-spec.json'), 'utf8')));
  return validateCompose(composeFile) ? [] : validateCompose.errors!.map(explain);
}

let validateStack: ValidateFunction | undefined;

/** What the schema of `docker stack deploy` finds in a parsed stack file. It is of a draft in which schemas had an `id` without a meaning of its own. */
export function stackSchema(stackFile: unknown): string[] {
  const withoutIds = (_: string, value: any) => typeof value?.id === 'string' ? { ...value, id: undefined } : value;
  if (!validateStack) {
    const { $schema, ...schema } = JSON.parse(readFileSync(join(__dirname, 'stack-3.13.json'), 'utf8'), withoutIds);
    validateStack = new Ajv2020({ strict: false, formats: { duration: /^\d+(ms|s|m|h)$/, ports: true, expose: true } }).compile(schema);
  }
  return validateStack(stackFile) ? [] : validateStack.errors!.map(explain);
}
