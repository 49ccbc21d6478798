// The floor for whoever writes YAML with the library that cdk8s uses: objects that are there already, and nothing else to do.
const { mkdirSync, readFileSync } = require('fs');
const { join } = require('path');
const { finish, imported, options } = require('./common');
const { Yaml } = require('cdk8s');

imported();
const objects = JSON.parse(readFileSync(options.objects, 'utf8'));
finish('define');
mkdirSync(options.outdir, { recursive: true });
Yaml.save(join(options.outdir, 'objects.k8s.yaml'), objects);
finish('kubernetes');
