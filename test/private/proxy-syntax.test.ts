// Text of every kind reaches nginx and HAProxy as it was given, or is refused.
import { haproxyLiteral, haproxyText } from '../../src/private/haproxy-syntax';
import { NGINX_DOLLAR, nginxLiteral, nginxText } from '../../src/private/nginx-syntax';
import { judgeTest } from '../judges/judges';
import { haproxy, nginx } from '../judges/proxies';

const HOSTILE = [' ', 'a b', '"', "'", '\\', 'a\\', '\\"', "\\'", '`id`', '$(id)', '$HOME', '${HOME}', '%[src]', '%', '%%', '#', 'a#b', ';', 'a;b', '{', '}', '; } return 500; {',
  '"; return 500; "', "' ; reject", '\t', '\u00e9\u4e16', '*', '~', '\\n', '\\t', '-f', '--', '(', ')', ',', '<', '&&', '||', '!', '"$x"', 'a'.repeat(1500)];
const LINES = ['\n', '\r', 'a\nreturn 500;', '\r\n'];

/** The words that nginx makes of a configuration's text, by the rules of its reader. */
function nginxWords(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\[^])*)"|[^\s"]+/g)].map(([word, quoted]) => quoted === undefined ? word : quoted.replace(/\\(["'\\])/g, '$1'));
}

/** The words that HAProxy makes of a line, by the rules of its reader. */
function haproxyWords(line: string): string[] {
  return [...line.trim().matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) => word.replace(/'([^']*)'|\\(.)/g, (_, strong, escaped) => strong ?? escaped));
}

test('words are read as they were written', () => {
  for (const word of ['', ...HOSTILE, ...LINES]) expect(nginxWords(nginxText([['return', word]]).replace(/;\n$/, ''))).toEqual(['return', word]);
  for (const word of HOSTILE) expect(haproxyWords(haproxyText([{ head: ['description', word], lines: [] }]))).toEqual(['description', word]);
});

test('what no file can hold is refused', () => {
  expect(() => nginxText([['return', 'a\0']])).toThrow('nginx: a word holds a character that a configuration cannot: "a\\u0000"');
  for (const word of ['', ...LINES, '\0']) expect(() => haproxyText([{ head: ['description', word], lines: [] }])).toThrow('haproxy: a word is empty, or holds a character that a line cannot');
  expect(() => haproxyText([{ head: ['acl', 'x'.repeat(2048)], lines: [] }])).toThrow('haproxy: a line is longer than 2048 characters or 64 words: acl xxx');
  expect(() => haproxyText([{ head: Array(65).fill('x'), lines: [] }])).toThrow('haproxy: a line is longer');
});

test('blocks are within each other', () => {
  expect(nginxText([['events', []], ['stream', [['server', [['listen', 53, 'udp'], ['deny', 'all']]]]]])).toBe(
    'events {\n}\nstream {\n  server {\n    listen 53 udp;\n    deny all;\n  }\n}\n');
  expect(haproxyText([{ head: ['global'], lines: [['maxconn', 10]] }, { head: ['defaults'], lines: [['mode', 'tcp']] }])).toBe('global\n  maxconn 10\n\ndefaults\n  mode tcp\n');
});

judgeTest('nginx takes hostile text for text', 'proxies', () => {
  const texts = ['', ...HOSTILE, ...LINES];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => [`${name}_temp_path`, `/tmp/${name}`]);
  const locations = texts.map((text, index) => ['location', `/${index}`, [['add_header', 'X-Text', nginxLiteral(text)], ['return', 200, nginxLiteral(text)]]]);
  expect(nginx({
    '/etc/nginx/nginx.conf': nginxText([
      ['pid', '/tmp/nginx.pid'], ['events', []], ['http', [NGINX_DOLLAR, ['access_log', 'off'], ...temporary, ['server', [['listen', 18080], ...locations]]]],
    ]),
  })).toEqual([]);
});

judgeTest('HAProxy takes hostile text for text', 'proxies', () => {
  const timeouts = ['client', 'server', 'connect'].map(name => ['timeout', name, '1s']);
  const rules = HOSTILE.map(text => ['http-request', 'set-header', 'X-Text', haproxyLiteral(text)]);
  expect(haproxy({
    '/usr/local/etc/haproxy/haproxy.cfg': haproxyText([
      { head: ['defaults'], lines: [['mode', 'http'], ...timeouts] }, { head: ['frontend', 'a'], lines: [['bind', ':18080'], ...rules] },
    ]),
  })).toEqual([]);
});
