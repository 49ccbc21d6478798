import { HaProxy, KnownProxyEngines, Nginx, ProxyFeature, ProxySupportLevel } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { join } from 'path';

test('the page says what each engine makes of each feature', () => {
  const engines = [new Nginx(), new HaProxy()];
  const rows = Object.values(ProxyFeature).map(feature => `| ${feature} | ${engines.map(engine => `${engine.support(feature).level}: ${engine.support(feature).how}`).join(' | ')} |\n`);
  expect(readFileSync(join(__dirname, '../../docs/reverse-proxy.md'), 'utf8')).toContain(`| feature | Nginx | HaProxy |\n|---|---|---|\n${rows.join('')}`);
});

test.each([['Nginx', new Nginx()], ['HaProxy', new HaProxy()]])('an engine is named for what it does, and for nothing else: %s', (name, engine) => {
  for (const feature of Object.values(ProxyFeature)) {
    expect(KnownProxyEngines.thatCan(feature).includes(name)).toBe(engine.support(feature).level !== ProxySupportLevel.REFUSED);
  }
  KnownProxyEngines.register('Theirs', { support: () => ({ level: ProxySupportLevel.NATIVE, how: 'by itself' }) });
  expect(KnownProxyEngines.thatCan(ProxyFeature.ACTIVE_HEALTH_CHECKS)).toContain('Theirs');
});
