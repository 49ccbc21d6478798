// The program under measurement: applications of workloads, each of which connects to the one before it, for both targets.
const Module = require('module');
const { join } = require('path');
const { finish, groups, imported, options } = require('./common');
const { App } = require('cdk8s');
if (options.unchecked) leaveOutChecks(); // what the checks of types cost is the difference
const { Application, ComposeProject, KubernetesChart, SinglePassApp, Workload } = require('cdk8s-conduit');

imported();
const applications = groups().map(({ name, workloads }) => {
  const application = new Application(name);
  let previous;
  for (const id of workloads) {
    const workload = new Workload(application, id, { image: `registry.example/${id}:1.0.0`, ports: [{ name: 'http', number: 8080 }] });
    if (previous) workload.connectTo(previous.endpoint());
    previous = workload;
  }
  return application;
});
finish('define');

const app = new (options.app === 'single' ? SinglePassApp : App)({ outdir: options.outdir });
for (const application of applications) new KubernetesChart(app, application.name, { application });
app.synth();
finish('kubernetes');

for (const application of applications) new ComposeProject(application, { directory: join(options.outdir, 'compose', application.name) }).save();
finish('compose');

/** Has the library loaded with a `checkCall` that does nothing. */
function leaveOutChecks() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, file) {
    const checked = 'function checkCall(';
    if (file === require.resolve('cdk8s-conduit') && !source.includes(checked)) throw new Error(`there is no '${checked}' in ${file}`);
    return compile.call(this, source.replace(checked, 'function checkCall() {}\nfunction checkedCall('), file);
  };
}
