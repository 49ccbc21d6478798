/** What a server answers at a path, and whether a container with that answer is healthy, on every target: what the kubelet makes of it. */
export interface Answer {
  readonly name: string;
  readonly path: string;
  /** All that is written; `@HOST@` stands for the Host header of the request, `@NAME@` for it without the port. */
  readonly text: string;
  readonly healthy: boolean;
}

const status = (code: number, headers: string[] = []) => [`HTTP/1.1 ${code} Whatever`, ...headers, 'Content-Length: 0', '', ''].join('\r\n');
const redirect = (to: string, code = 302) => status(code, [`Location: ${to}`]);

const codes: Answer[] = [[200, true], [204, true], [206, true], [299, true], [300, true], [301, true], [304, true], [305, true], [308, true], [399, true],
  [400, false], [401, false], [404, false], [429, false], [500, false], [503, false]].map(([code, healthy]) =>
  ({ name: `${code}`, path: `/${code}`, text: status(code as number), healthy: healthy as boolean }));

const redirects: Answer[] = [301, 302, 303, 307, 308].flatMap(code => [['/200', true], ['/500', false], ['http://elsewhere.invalid/500', true]].map(([to, healthy]) =>
  ({ name: `${code} to ${to}`, path: `/${code}-to-${encodeURIComponent(to as string)}`, text: redirect(to as string, code), healthy: healthy as boolean })));

const others: [name: string, text: string, healthy: boolean][] = [
  ['a redirect without a path', redirect('?and=more'), false],
  ['a redirect to its own address', redirect('http://@HOST@/200'), true],
  ['a redirect to its own address, with nothing else', redirect('//@HOST@/500'), false],
  ['a redirect to a port on which nothing is', redirect('http://@NAME@:9/200'), false],
  ['a redirect to HTTPS, where nothing is', redirect('https://@NAME@/200'), false],
  ['a redirect to HTTPS elsewhere', redirect('https://elsewhere.invalid/'), true],
  ['a redirect to a name of its own', redirect('http://localhost:9/'), true],
  ['a redirect in small letters', 'HTTP/1.1 302 Found\r\nlocation:/500  \r\n\r\n', false],
  ['304 with a place', status(304, ['Location: /500']), true],
  ['early hints', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', true],
  ['early hints of what fails', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 500 No\r\n\r\n', false],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nbody', true],
  ['no reason', 'HTTP/1.1 200\r\n\r\n', true],
  ['lines without a return', 'HTTP/1.1 200 OK\nA: b\n\nbody', true],
  ['something else', '220 mail.example ESMTP\r\n', false],
  ['no code', 'HTTP/1.1 fine OK\r\n\r\n', false],
  ['nothing', '', false],
  ['headers without an end', 'HTTP/1.1 200 OK\r\nA: b\r\n', false],
];

/** `depth` redirects, one after another, to what is healthy. */
const chain = (depth: number): Answer[] => Array.from({ length: depth }, (_, index) => ({
  name: `${depth} redirects, from the ${index + 1}th on`,
  path: `/chain-${depth}-${index + 1}`,
  text: redirect(index + 1 === depth ? '/200' : `/chain-${depth}-${index + 2}`),
  healthy: depth - index <= 9,
}));

export const ANSWERS: readonly Answer[] = [
  ...codes,
  ...redirects,
  ...others.map(([name, text, healthy]) => ({ name, path: `/other/${name.replace(/\W+/g, '-')}`, text, healthy })),
  { name: 'a relative redirect', path: '/relative', text: redirect('200'), healthy: true },
  { name: 'a relative redirect to what fails', path: '/relative-to-failure?and=more', text: redirect('500'), healthy: false },
  { name: 'a redirect to itself', path: '/loop', text: redirect('/loop'), healthy: false },
  ...chain(10),
  { name: 'a path with a query', path: '/200?a=/b&c', text: status(200), healthy: true },
];

/** Where only a request is answered well that names an address as its host, as the kubelet's does. */
export const HOST_PATH = '/host';

/** The answer to a request, by its first line and its Host header. */
export function answerTo(request: string): string {
  const path = request.split(' ')[1];
  const [, host] = /^host: *(.*?)\r?$/im.exec(request) ?? [];
  if (path === HOST_PATH) return status(/^\d+\.\d+\.\d+\.\d+:\d+$/.test(host) ? 200 : 400);
  const answer = ANSWERS.find(each => each.path === path) ?? ANSWERS.find(each => each.path === path.split('?')[0]);
  return (answer?.text ?? status(404)).replaceAll('@HOST@', host).replaceAll('@NAME@', host.split(':')[0]);
}
