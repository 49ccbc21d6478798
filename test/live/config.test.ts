import { describeLive } from './docker';
import { prepareExample } from './example';
import { exampleNames } from '../examples/synthesize';

describeLive('Docker Compose', () => {
  it.each(exampleNames)('understands %s as it stands', async name => {
    const { project, remove } = prepareExample(name);
    try {
      expect(await project.config()).toContain('services:');
    } finally {
      await remove();
    }
  });
});
