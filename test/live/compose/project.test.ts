import { Application, ConfigFile, EnvValue, Secret, Workload } from 'cdk8s-conduit';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleNames } from '../../examples/synthesize';
import type { Compose } from '../compose';
import { describeLive } from '../describe-live';

jest.setTimeout(120_000);

describeLive<Compose>('a Compose project', engine => {
  it.each(exampleNames)('of %s is understood as it stands', async name => {
    const deployment = engine.example(name);
    try {
      expect(await deployment.config()).toContain('services:');
    } finally {
      await deployment.remove();
    }
  });

  it('refuses to start without the secrets that are variables', async () => {
    const application = new Application('forgetful');
    const program = new Workload(application, 'program', { image: 'busybox:1.37.0-musl', args: ['sleep', 'infinity'] });
    program.main.setEnv('KEY', EnvValue.secret(new Secret(application, 'key')));
    program.main.mountConfigFile(new ConfigFile(application, 'note', { path: '/etc/note', content: 'a note' }));
    const deployment = engine.application(application);
    try {
      const file = join(deployment.output.composeDirectory, '.env');
      const variables = readFileSync(file, 'utf8');
      writeFileSync(file, '');
      await expect(deployment.start()).rejects.toThrow(/run 'cdk8s-conduit secrets'/);
      writeFileSync(file, variables);
      await deployment.start();
      expect(await deployment.exec('program', 'cat', '/etc/note')).toBe('a note');
    } finally {
      await deployment.remove();
    }
  });

  it('gives containers no gateway to the host', async () => {
    const deployment = engine.example('03-discoverable-service');
    try {
      await deployment.start();
      for (const program of ['client', 'server']) {
        const { NetworkSettings } = await deployment.inspect(program);
        expect(Object.values(NetworkSettings.Networks).map(({ Gateway }) => Gateway).filter(Boolean)).toEqual([]);
      }
    } finally {
      await deployment.remove();
    }
  });
});
