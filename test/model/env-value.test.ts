import { Application, Endpoint, EndpointPart, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { Both } from '../targets/both';

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
    expect(() => main.setEnv(name, EnvValue.literal('x'))).toThrow(`shop/web: variable ${name} looks like a secret given as text`);
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
