// Writes src/targets/compose/specification.generated.ts from compose-spec.json beside this file.
// Usage: node test/judges/generate-compose-types.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const versions = Object.fromEntries(readFileSync(here('versions.env'), 'utf8').match(/^\w+=.+$/gm).map((line) => line.split('=')));
const target = here('../../src/targets/compose/specification.generated.ts');

const pascalCase = (name) => name.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());

// Rewrites a schema so that its types come out plain. The types serve to construct files, not to read foreign ones, so
// `null` for an empty object goes, and so do `x-` extensions: as index signatures they would swallow every typo.
function plain(schema, title) {
  if (typeof schema !== 'object') return schema;
  // Text beside a reference would make each use a numbered copy of the type.
  if (schema.$ref) return { $ref: schema.$ref };

  const { patternProperties, unevaluatedProperties, allOf, anyOf, ...result } = schema;
  if (Array.isArray(result.type) && result.type.includes('object') && result.type.includes('null')) result.type = 'object';
  for (const [pattern, value] of Object.entries(patternProperties ?? {})) {
    if (pattern !== '^x-') result.additionalProperties = plain(value, title);
  }
  if (result.items) result.items = plain(result.items, title);
  if (result.oneOf) result.oneOf = result.oneOf.map((one) => plain(one, title));
  if (result.properties) {
    // A title makes an inline object an interface of its own.
    result.title = title;
    result.properties = Object.fromEntries(Object.entries(result.properties)
      .map(([name, value]) => [name, plain(value, title + pascalCase(name))]));
  }
  // `allOf` with `unevaluatedProperties` says what an extending interface says.
  return allOf ? { ...result, type: 'object', extends: allOf } : result;
}

const { $defs, ...root } = JSON.parse(readFileSync(here('compose-spec.json'), 'utf8'));
const schema = plain(root, 'ComposeSpecification');
// The two parts of a service name their inline objects after it: ServicePorts, not WorkloadSpecPorts.
const parts = { container_spec: 'Service', workload_spec: 'Service' };
const inlineTitle = (name, { properties }) => parts[name] ?? pascalCase(name) + (properties ? '' : 'Entry');
schema.$defs = Object.fromEntries(Object.entries($defs)
  .map(([name, definition]) => [name, { ...plain(definition, inlineTitle(name, definition)), title: pascalCase(name) }]));

const header = `/*
 * Types of the Compose Specification, generated from the schema of compose-go ${versions.COMPOSE_GO}. Do not edit;
 * run \`node test/judges/generate-compose-types.mjs\`.
 * Copyright 2020 The Compose Specification Authors, Apache License 2.0.
 */
/* eslint-disable */`;
const { status, stdout, stderr } = spawnSync('npx', [
  '--yes', `--package=json-schema-to-typescript@${versions.JSON_SCHEMA_TO_TYPESCRIPT}`, 'json2ts',
  '--no-additionalProperties', '--style.singleQuote', '--bannerComment', header,
], { input: JSON.stringify(schema), cwd: tmpdir(), encoding: 'utf8' });
if (status !== 0) throw new Error(stderr);

mkdirSync(here('../../src/targets/compose'), { recursive: true });
writeFileSync(target, stdout);
