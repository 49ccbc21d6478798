import { canonicalAddress, canonicalRange, isHost, isIPv4Range, isLoopback } from '../../src/private/addresses';

test.each<[string, string | undefined]>([
  ['192.0.2.0/24', '192.0.2.0/24'], ['192.0.2.7/32', '192.0.2.7/32'], ['0.0.0.0/0', '0.0.0.0/0'], ['128.0.0.0/1', '128.0.0.0/1'],
  ['2001:DB8:0:0::/32', '2001:db8::/32'], ['2001:db8::1/128', '2001:db8::1/128'], ['::/0', '::/0'], ['fe80::/10', 'fe80::/10'], ['1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8/128'],
  ['192.0.2.1/24', undefined], ['192.0.2.0/33', undefined], ['192.0.2.0/024', undefined], ['192.0.2.0/', undefined], ['192.0.2.0', undefined],
  ['192.0.2.0/24/8', undefined], ['192.0.2/24', undefined], ['2001:db8::1/32', undefined], ['2001:db8::/129', undefined], ['::ffff:192.0.2.0/120', undefined],
  ['fe80::%eth0/10', undefined], ['example.com/24', undefined], ['', undefined],
])('the range %s is %s', (range, expected) => {
  expect(canonicalRange(range)).toBe(expected);
});

test.each<[string, string | undefined]>([
  ['192.0.2.1', '192.0.2.1'], ['2001:0DB8::0001', '2001:db8::1'], ['::1', '::1'], ['::ffff:192.0.2.1', undefined], ['fe80::1%eth0', undefined], ['192.0.2', undefined], ['localhost', undefined],
])('the address %s is %s', (address, expected) => {
  expect(canonicalAddress(address)).toBe(expected);
});

test('only an IPv4 range is one, which begins with its first address', () => {
  expect(['10.0.0.0/8', '10.1.2.3/8', '10.1.2.3/32', '::/0', '10.0.0.0/33', '10.0.0.0'].filter(isIPv4Range)).toEqual(['10.0.0.0/8', '10.1.2.3/32']);
});

test('a host is a name in lower case or an IPv4 address', () => {
  expect(['db', 'db.example.com', '192.0.2.1', 'DB', '192.0.2', '-db', 'db_1', '::1'].filter(isHost)).toEqual(['db', 'db.example.com', '192.0.2.1']);
});

test('loopback addresses are of the machine that asks', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '192.0.2.1', '::'].filter(isLoopback)).toEqual(['127.0.0.1', '127.1.2.3', '::1']);
});
