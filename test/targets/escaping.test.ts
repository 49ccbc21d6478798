// A dollar means something to each target; what reaches the program is the text that was given, whatever stands in it.
import { Application, EnvValue, HealthCheck, Task, Workload } from 'cdk8s-conduit';
import * as fc from 'fast-check';
import { Both } from './both';
import { wholeProgram } from '../whole-program';

const [DOLLAR, OPEN, CLOSE] = [...Buffer.from('$()')];

/**
 * What Kubernetes makes of a text, byte by byte.
 * @see https://github.com/kubernetes/kubernetes/blob/master/third_party/forked/golang/expansion/expand.go
 */
function expand(text: string, variables: Record<string, string>): string {
  const input = Buffer.from(text);
  const output: Buffer[] = [];
  for (let at = 0; at < input.length; at++) {
    if (input[at] !== DOLLAR || at + 1 === input.length) {
      output.push(input.subarray(at, at + 1));
      continue;
    }
    at++;
    const close = input.indexOf(CLOSE, at);
    if (input[at] === DOLLAR) {
      output.push(Buffer.from('$'));
    } else if (input[at] === OPEN && close > 0) {
      const name = input.toString('utf8', at + 1, close);
      output.push(Buffer.from(variables[name] ?? `$(${name})`));
      at = close;
    } else {
      output.push(Buffer.from(`$${String.fromCharCode(input[at])}`)); // one byte becomes one character, as in the original
    }
  }
  return Buffer.concat(output).toString();
}

/**
 * What Compose makes of a text.
 * @see https://github.com/compose-spec/compose-go/blob/main/template/template.go
 */
function interpolate(text: string): string {
  return text.replace(/\$(\$|\{[^}]*\}|[_a-z][_a-z0-9]*)?/gi, (whole, what) => {
    if (what === undefined) throw new Error(`Compose refuses '${text}'`);
    return whole === '$$' ? '$' : 'interpolated';
  });
}

const EXPANDED = { X: 'expanded', HOME: 'expanded' };

/** Every place where a program can be given a text, as each program finally gets it. */
function received(text: string): { kubernetes: Record<string, string>; compose: Record<string, string> } {
  const shop = new Application('shop');
  const web = new Workload(shop, 'web', {
    image: 'registry.example/acme/app:1.0',
    command: ['run', text],
    args: [text],
    env: { TEXT: EnvValue.literal(text, { notSecret: true }), X: EnvValue.literal('expanded') },
    health: HealthCheck.command(['check', text]),
  });
  web.waitFor(new Task(shop, 'migrate', { image: 'registry.example/acme/migrate:1.0', completionCheck: ['done', text] }));
  const both = new Both(shop);
  const container = both.container('web');
  const service = both.service('web');
  return {
    kubernetes: {
      command: expand(container.command[1], EXPANDED),
      args: expand(container.args[0], EXPANDED),
      env: expand(container.env.find(({ name }: any) => name === 'TEXT').value, EXPANDED),
      health: expand(container.readinessProbe.exec.command[1], EXPANDED),
      completionCheck: expand(both.container('web', 'conduit-await-migrate').command.at(-1), EXPANDED),
    },
    compose: {
      command: interpolate(service.entrypoint[1]),
      args: interpolate(service.command[0]),
      env: interpolate(service.environment.TEXT),
      health: interpolate(service.healthcheck.test.at(-1)),
    },
  };
}

function expectLiteral(text: string): void {
  expect(received(text)).toEqual({
    kubernetes: { command: text, args: text, env: text, health: text, completionCheck: text },
    compose: { command: text, args: text, env: text, health: text },
  });
}

test.each(['$(X)', '$$(X)', '$$$(X)', '$HOME', '${HOME}', '$${HOME}', '${X:-none}', '$', '$$', 'a$', '$(', '$$(', '$(X', '$()', '€$€', '$é', '$\u{1d11e}', 'a$$$b'])(
  '%s reaches the program as it is', expectLiteral);

test('any text reaches the program as it is', () => {
  const pieces = fc.constantFrom('$', '$$', '(', ')', '{', '}', 'X', 'HOME', '$(X)', '${HOME}', '-', ' ', '\n', 'é', '\u{1d11e}', '\\', '"');
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'grapheme' })), { maxLength: 8 }).map(parts => parts.join('')), expectLiteral), { numRuns: 200 });
});

test('the rules in this test are those of the targets', () => {
  const kubernetes: [string, string][] = [
    ['$(X)', 'expanded'], ['$$(X)', '$(X)'], ['$$$(X)', '$expanded'], ['$(Y)', '$(Y)'], ['$(X', '$(X'], ['$HOME', '$HOME'], ['a$', 'a$'], ['$$', '$'],
  ];
  for (const [text, result] of kubernetes) expect(expand(text, EXPANDED)).toBe(result);
  expect(expand('$é', EXPANDED)).not.toContain('é');
  const compose: [string, string][] = [['$HOME', 'interpolated'], ['${X:-y}', 'interpolated'], ['$$HOME', '$HOME'], ['$$$X', '$interpolated']];
  for (const [text, result] of compose) expect(interpolate(text)).toBe(result);
  expect(wholeProgram(() => interpolate('$(X)'))).toThrow('refuses');
});

test('scripts that the library brings reach the shell as they are', () => {
  const shop = new Application('shop');
  const api = new Workload(shop, 'api', { image: 'registry.example/acme/app:1.0', ports: [{ name: 'http', number: 8080 }] });
  new Workload(shop, 'web', { image: 'registry.example/acme/app:1.0' }).connectTo(api.endpoint());
  const both = new Both(shop);
  for (const word of both.container('web', 'conduit-wait').command) expect(expand(word, { address: 'expanded' })).toBe(word);
  expect(interpolate(both.service('conduit-setup').post_start[0].command[2])).toContain('while [ $# -gt 0 ]; do\n  cd "/volumes/$2"\n');
});
