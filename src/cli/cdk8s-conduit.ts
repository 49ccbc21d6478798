#!/usr/bin/env node
import { parseArgs } from 'util';
import { createSecrets } from './secrets';

const USAGE = `usage: cdk8s-conduit secrets <compose-directory>

Makes each secret file that the project's compose.yml names and that is not there yet, with a random value,
says which have to be brought, and prints the commands that give a Kubernetes cluster the same values.`;

function main(): void {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
  const [command, directory, ...rest] = positionals;
  if (values.help) {
    console.log(USAGE);
  } else if (command === 'secrets' && directory !== undefined && rest.length === 0) {
    createSecrets(directory);
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

try {
  main();
} catch (error) {
  console.error(`cdk8s-conduit: ${(error as Error).message}`);
  process.exitCode = 1;
}
