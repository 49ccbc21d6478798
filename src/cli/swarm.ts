import { scryptSync } from 'crypto';
import { quoteWord } from './quote-word';
import { writeVariables } from './variables';
import { secretVariable } from '../targets/secret-variable';
import { HASH_LENGTH, hashedName } from '../targets/swarm/names';

/** A secret, the file that holds its value, and the value. */
interface KeptSecret {
  readonly name: string;
  readonly file: string;
  readonly value: string;
}

/** Has the variables of a stack hold the names of its secrets, and says how these come into a swarm. */
export function createInSwarm(project: string, stack: string, secrets: KeptSecret[]): void {
  const named = secrets.map(secret => ({ ...secret, inSwarm: `${stack}_${hashedName(stack, secret.name, hashOf(stack, secret))}` }));
  const variables = writeVariables(project, Object.fromEntries(named.map(({ name, inSwarm }) => [secretVariable(name), inSwarm])));
  for (const variable of variables) console.log(`set ${variable} in .env`);
  if (secrets.length === 0) return;
  console.log('\n# for the swarm, where a new value is a new secret:');
  for (const { inSwarm, file } of named) console.log(`docker secret inspect ${inSwarm} >/dev/null 2>&1 || docker secret create ${inSwarm} ${quoteWord(file)}`);
  console.log(`(set -a; . ${quoteWord(`${project}/.env`)}; docker stack deploy --prune -c ${quoteWord(`${project}/stack.yml`)} ${stack})`);
}

/** Everyone who may look at the swarm sees names, so that guessing values by them must take long. */
function hashOf(stack: string, { name, value }: KeptSecret): string {
  return scryptSync(value, `${stack}/${name}`, HASH_LENGTH / 2).toString('hex');
}
