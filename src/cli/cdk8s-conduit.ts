#!/usr/bin/env node
import { parseArgs } from 'util';
import { drawGraph } from './graph';
import { createSecrets } from './secrets';

const USAGE = `usage: cdk8s-conduit secrets <directory>
       cdk8s-conduit graph [--app <command>] [--output <directory>]

secrets  Makes each secret file that the compose.yml or stack.yml in it names and that is not there yet, with a random value,
         says which have to be brought, writes a connection file for each client outside,
         and prints the commands that give a Kubernetes cluster, or a swarm, the same values.
graph    Runs the program that cdk8s.yaml names, or --app, and draws each application that it defines,
         into dist/topology, or --output. What the program writes by itself is thrown away.`;

type Options = Parameters<typeof parseArgs>[0] & object;

/** What a command takes, and does. */
interface Command {
  readonly options: Options['options'];
  /** @returns false where it was not called as it must be */
  run(positionals: string[], values: Record<string, unknown>): boolean;
}

const COMMANDS: Record<string, Command> = {
  secrets: {
    options: {},
    run: ([directory, ...rest]) => {
      if (directory === undefined || rest.length > 0) return false;
      createSecrets(directory);
      return true;
    },
  },
  graph: {
    options: { app: { type: 'string' }, output: { type: 'string' } },
    run: (positionals, values) => {
      if (positionals.length > 0) return false;
      drawGraph(values);
      return true;
    },
  },
};

function main([name, ...args]: string[]): void {
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  const { positionals, values } = parseArgs({
    args: command ? args : [name ?? '', ...args], allowPositionals: true, options: { ...command?.options, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
  } else if (!command?.run(positionals, values)) {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`cdk8s-conduit: ${(error as Error).message}`);
  process.exitCode = 1;
}
