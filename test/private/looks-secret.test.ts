import { findSecret } from '../../src/private/looks-secret';

test.each<[string, string]>([
  ['[db]\npassword=hunter2\n', 'a password in line 2'],
  ['spring.datasource.password: hunter2', 'a password in line 1'],
  ['{\n  "apiKey": "abc123",\n}', 'a apikey in line 2'],
  ['  DB_PASSWD = "hunter2";', 'a passwd in line 1'],
  ['a: 1\nclient_secret: "s3cr3t"', 'a secret in line 2'],
  ['url = postgres://me:hunter2@db/shop', 'a URL with a password in line 1'],
  ['tls:\n-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'a private key in line 2'],
])('%j holds %s', (text, what) => {
  expect(findSecret('/etc/app.conf', text)).toBe(what);
});

test.each([
  'password=', 'password: ""', 'password: null', 'password=${DB_PASSWORD}', 'password: $DB_PASSWORD', 'password: "{{ .Password }}"', 'password_file=/run/secrets/db', 'password: /run/secrets/db',
  'password: file:/run/secrets/db', 'password = env.DB_PASSWORD', 'token: true', 'token_ttl: 3600', 'secret: @{orders-send}', 'password = <from the vault>', 'the password: it is told to nobody',
  'proxy_set_header X-Token $token;', 'url = postgres://me@db/shop', 'url = postgres://me:$PASSWORD@db/shop', 'http://host:8080/a@b', 'log_format "$time token=$token"',
])('%j holds no secret', text => {
  expect(findSecret('/etc/app.conf', text)).toBeUndefined();
});

test('in a program a name behind an equals sign is a variable, and a text in quotes is none', () => {
  expect([findSecret('/app/run.py', 'password = given\n'), findSecret('/app/run.py', "password = 'hunter2'\n")]).toEqual([undefined, 'a password in line 1']);
});
