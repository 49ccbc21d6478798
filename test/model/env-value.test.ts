import { Application, Endpoint, EndpointPart, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';
import { wholeProgram } from '../whole-program';

const IMAGE = 'registry.example/acme/app:1.0';

let shop: Application;
beforeEach(() => { shop = new Application('shop'); });

test('a literal is the same text on both targets, whatever it looks like', () => {
  const texts = { EMPTY: '', YES: 'yes', NULL: 'null', NUMBER: '0123', DATE: '2024-02-29', LINES: 'one\ntwo\n', UNICODE: 'ŝ€𝄞 ', QUOTES: '\'"\\' };
  new Workload(shop, 'web', { image: IMAGE, env: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, EnvValue.literal(text)])) });
  expect(new Both(shop).env('web')).toEqual({ kubernetes: texts, compose: texts });
});

test('a part of an endpoint is the same text on both targets', () => {
  const api = new Workload(shop, 'api', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
  const env = {
    ALL: EnvValue.endpoint(api.endpoint()),
    ADDRESS: EnvValue.endpoint(api.endpoint(), EndpointPart.ADDRESS),
    HOST: EnvValue.endpoint(api.endpoint(), EndpointPart.HOST),
    PORT: EnvValue.endpoint(api.endpoint(), EndpointPart.PORT),
    OUTSIDE: EnvValue.endpoint(Endpoint.external('db.example', 5432, { scheme: 'postgres' })),
  };
  new Workload(shop, 'web', { image: IMAGE, env });
  const both = new Both(shop);
  const expected = { ALL: 'http://api:8080', ADDRESS: 'api:8080', HOST: 'api', PORT: '8080', OUTSIDE: 'postgres://db.example:5432' };
  expect(both.env('web')).toEqual({ kubernetes: expected, compose: expected });
});

test('naming an endpoint opens nothing', () => {
  const api = new Workload(shop, 'api', { image: IMAGE, ports: [{ name: 'http', number: 8080 }] });
  new Workload(shop, 'web', { image: IMAGE, env: { API: EnvValue.endpoint(api.endpoint()) } });
  const both = new Both(shop);
  expect(both.find('NetworkPolicy', 'web').spec).not.toHaveProperty('egress');
  expect(both.service('web').network_mode).toBe('none');
});

test('a secret as a file is its path, and the file is mounted once', () => {
  const key = new Secret(shop, 'key');
  const web = new Workload(shop, 'web', { image: IMAGE, env: { KEY_FILE: EnvValue.secretFile(key), SAME_FILE: EnvValue.secretFile(key) } });
  web.main.mountSecret(key);
  const both = new Both(shop);
  const expected = { KEY_FILE: '/run/secrets/key', SAME_FILE: '/run/secrets/key' };
  expect(both.env('web')).toEqual({ kubernetes: expected, compose: expected });
  expect(both.container('web').volumeMounts).toEqual([{ name: 'secrets-main', mountPath: '/run/secrets', readOnly: true }]);
  expect(both.service('web').secrets).toEqual(['key']);
});

test('a secret as a value is a reference that only the platform follows', () => {
  const key = new Secret(shop, 'api-key', { key: 'token' });
  new Workload(shop, 'web', { image: IMAGE, env: { API_KEY: EnvValue.secret(key) } });
  const both = new Both(shop);
  expect(both.env('web')).toEqual({
    kubernetes: { API_KEY: { name: 'api-key', key: 'token' } },
    compose: { API_KEY: "${CONDUIT_SECRET_API_KEY?run 'cdk8s-conduit secrets' for this directory}" },
  });
  expect(both.compose['x-conduit'].secrets).toEqual([{ name: 'api-key', key: 'token', file: '../../secrets/shop/api-key', variable: 'CONDUIT_SECRET_API_KEY' }]);
  expect(both.service('web')).not.toHaveProperty('secrets');
});

test('a secret in a text is a reference that only the platform follows', () => {
  const db = new Workload(shop, 'db', { image: IMAGE, ports: [{ name: 'sql', number: 5432 }] });
  const password = EnvValue.secret(new Secret(shop, 'db-password'));
  const values = { password, address: EnvValue.endpoint(db.endpoint(), EndpointPart.ADDRESS) };
  const env = {
    DATABASE_URL: EnvValue.template('postgres://app:{password}@{address}/app', values),
    JSON: EnvValue.template('{{"password":"{password}","price":"$5"}}', { password }),
  };
  new Workload(shop, 'web', { image: IMAGE, env });
  const both = new Both(shop);
  expect(both.container('web').env).toEqual([
    { name: 'CONDUIT_SECRET_DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db-password', key: 'value' } } },
    { name: 'DATABASE_URL', value: 'postgres://app:$(CONDUIT_SECRET_DB_PASSWORD)@db:5432/app' },
    { name: 'JSON', value: '{"password":"$(CONDUIT_SECRET_DB_PASSWORD)","price":"$$5"}' },
  ]);
  const reference = "${CONDUIT_SECRET_DB_PASSWORD?run 'cdk8s-conduit secrets' for this directory}";
  expect(both.service('web').environment).toEqual({
    DATABASE_URL: `postgres://app:${reference}@db:5432/app`,
    JSON: `{"password":"${reference}","price":"$$5"}`,
  });
  expect(both.compose['x-conduit'].secrets).toEqual([expect.objectContaining({ name: 'db-password', variable: 'CONDUIT_SECRET_DB_PASSWORD' })]);
});

test('a text may name the file of a secret, which is mounted', () => {
  const ca = new Secret(shop, 'ca', { key: 'ca.crt', existing: true });
  const web = new Workload(shop, 'web', { image: IMAGE, env: { DSN: EnvValue.template('postgres://db.example/app?sslrootcert={ca}', { ca: EnvValue.secretFile(ca) }) } });
  const both = new Both(shop);
  const expected = { DSN: 'postgres://db.example/app?sslrootcert=/run/secrets/ca' };
  expect(both.env('web')).toEqual({ kubernetes: expected, compose: expected });
  expect(web.main.secrets).toEqual([ca]);
});

test('a text of known values is a literal, texts may stand in texts, and what is the same may be set twice', () => {
  const { main } = new Workload(shop, 'web', { image: IMAGE });
  const key = EnvValue.secret(new Secret(shop, 'key'));
  const inner = EnvValue.template('{a}-{key}', { a: EnvValue.template('{{{b}}}', { b: EnvValue.literal('b') }), key });
  for (let time = 0; time < 2; time++) main.setEnv('NAME', EnvValue.template('<{inner}>', { inner }));
  expect(main.env.NAME.parts.map(({ text, secretValue }) => text ?? secretValue!.name)).toEqual(['<', '{', 'b', '}', '-', 'key', '>']);
  expect(EnvValue.template('{a}1', { a: EnvValue.literal('x') })._equals(EnvValue.literal('x1'))).toBe(true);
  expect(wholeProgram(() => main.setEnv('NAME', EnvValue.template('<{key}>', { key })))).toThrow("variable NAME is set twice, to '<' + '{' + 'b' + '}' + '-' + secret 'key' + '>' and '<' + secret 'key' + '>'");
  expect(wholeProgram(() => main.setEnv('URL', EnvValue.template('http://me:{a}@x', { a: EnvValue.literal('pw') })))).toThrow('variable URL looks like a secret given as text');
});

test.each<[string, string, string[]]>([
  ['a{b}', '', ["EnvValue.template: '{b}' has no value; give one, or write '{{b}}' for the text itself"]],
  ['a{keyy}{key}', 'key', ["EnvValue.template: '{keyy}' has no value; there is 'key'; give one, or write '{{keyy}}' for the text itself"]],
  ['ab', 'key', ["EnvValue.template: the value 'key' has no place '{key}' in the template; add the place, or leave the value out"]],
  ['a{', '', ["EnvValue.template: '{' stands alone in the template; write '{{' for the character itself"]],
  ['}{{ {toString} {', '', [
    "EnvValue.template: '}' stands alone in the template; write '}}' for the character itself",
    "EnvValue.template: '{toString}' has no value; give one, or write '{{toString}}' for the text itself",
    "EnvValue.template: '{' stands alone in the template; write '{{' for the character itself",
  ]],
])('the template %p with %p is refused', (template, name, problems) => {
  const values = name ? { [name]: EnvValue.secret(new Secret(shop, 'key')) } : {};
  expect(wholeProgram(() => EnvValue.template(template, values))).toThrow(new Error(problems.join('\n')));
});

test('a secret in a URL holds nothing that has a meaning there', () => {
  const url = (secret: Secret) => EnvValue.template('amqp://app:{key}@mq', { key: EnvValue.secret(secret) });
  expect(wholeProgram(() => url(new Secret(shop, 'brought', { existing: true })))).toThrow("the value of secret 'brought' stands in a URL, where '@', ':', '/' and others have a meaning; give the secret 'urlSafe: true'");
  expect(url(new Secret(shop, 'stated', { existing: true, urlSafe: true })).parts).toHaveLength(3);
  expect(wholeProgram(() => url(new Secret(shop, 'no', { urlSafe: false })))).toThrow("the value of secret 'no' stands in a URL");
  expect(wholeProgram(() => new Secret(shop, 'tls', { key: 'tls.key', hosts: ['web'], urlSafe: true }))).toThrow("a part of a certificate is never 'urlSafe'");
});

test('variables are sorted by name', () => {
  const web = new Workload(shop, 'web', { image: IMAGE, env: { B: EnvValue.literal('2'), _: EnvValue.literal('3') } });
  web.main.setEnv('A', EnvValue.literal('1'));
  const both = new Both(shop);
  expect(both.container('web').env).toEqual([{ name: 'A', value: '1' }, { name: 'B', value: '2' }, { name: '_', value: '3' }]);
  expect(Object.keys(both.service('web').environment)).toEqual(['A', 'B', '_']);
});

test('a variable may be named like something of the language itself', () => {
  const env = Object.fromEntries(['__proto__', 'constructor', 'toString'].map(name => [name, EnvValue.literal(name)]));
  new Workload(shop, 'web', { image: IMAGE, env });
  const both = new Both(shop);
  expect(both.container('web').env.map(({ name, value }: any) => [name, value])).toEqual([
    ['__proto__', '__proto__'], ['constructor', 'constructor'], ['toString', 'toString'],
  ]);
  expect(Object.entries(both.service('web').environment)).toEqual([
    ['__proto__', '__proto__'], ['constructor', 'constructor'], ['toString', 'toString'],
  ]);
});

test('the same value may be set twice', () => {
  const key = new Secret(shop, 'key');
  const { main } = new Workload(shop, 'web', { image: IMAGE });
  for (let time = 0; time < 2; time++) {
    main.setEnv('MODE', EnvValue.literal('fast'));
    main.setEnv('KEY_FILE', EnvValue.secretFile(key));
    main.setEnv('KEY', EnvValue.secret(key));
  }
  expect(Object.keys(main.env)).toEqual(['KEY', 'KEY_FILE', 'MODE']);
});

test.each(['PASSWORD', 'DB_PASSWORD', 'PGPASSWORD', 'api_token', 'CLIENT_SECRET', 'API_KEY', 'APIKEY', 'AWS_SECRET_ACCESS_KEY', 'SSH_PRIVATE_KEY'])(
  'a literal %s needs to be said to be no secret', name => {
    const { main } = new Workload(shop, 'web', { image: IMAGE });
    expect(wholeProgram(() => main.setEnv(name, EnvValue.literal('x')))).toThrow(`shop/web: variable ${name} looks like a secret given as text`);
    main.setEnv(name, EnvValue.literal('none', { notSecret: true }));
    expect(main.env[name].text).toBe('none');
  });

test.each(['PASSWORD_FILE', 'TOKEN_URL', 'SECRETS', 'KEYBOARD'])('a literal %s is none', name => {
  const { main } = new Workload(shop, 'web', { image: IMAGE, env: { [name]: EnvValue.literal('x') } });
  expect(main.env[name].text).toBe('x');
});

test('an empty password is no secret', () => {
  const { main } = new Workload(shop, 'web', { image: IMAGE, env: { PASSWORD: EnvValue.literal('') } });
  expect(main.env.PASSWORD.text).toBe('');
});
