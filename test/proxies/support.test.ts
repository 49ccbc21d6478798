import { KnownProxyEngines, Nginx, ProxyFeature, ProxySupportLevel } from 'cdk8s-conduit';
import { readFileSync } from 'fs';
import { join } from 'path';

test('the page says what each engine makes of each feature', () => {
  const engine = new Nginx();
  const rows = Object.values(ProxyFeature).map(feature => `| ${feature} | ${engine.support(feature).level}: ${engine.support(feature).how} |\n`);
  expect(readFileSync(join(__dirname, '../../docs/reverse-proxy.md'), 'utf8')).toContain(`| feature | Nginx |\n|---|---|\n${rows.join('')}`);
});

test('an engine is named for what it does, and for nothing else', () => {
  const engine = new Nginx();
  for (const feature of Object.values(ProxyFeature)) {
    expect(KnownProxyEngines.thatCan(feature).includes('Nginx')).toBe(engine.support(feature).level !== ProxySupportLevel.REFUSED);
  }
  KnownProxyEngines.register('Theirs', { support: () => ({ level: ProxySupportLevel.NATIVE, how: 'by itself' }) });
  expect(KnownProxyEngines.thatCan(ProxyFeature.ACTIVE_HEALTH_CHECKS)).toContain('Theirs');
});
