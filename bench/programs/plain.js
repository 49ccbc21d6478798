// What one writes with cdk8s-plus-27 alone to get the same objects, for Kubernetes only.
const { finish, groups, imported, options } = require('./common');
const { App, Chart, Duration, Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');

imported();
const PORT = 8080;
const HTTP = [kplus.NetworkPolicyPort.tcp(PORT)];
const WAIT = `for address; do
  echo "waiting for $address"
  until nc -z -w 2 "\${address%:*}" "\${address##*:}"; do sleep 0.5; done
done`;

const app = new App({ outdir: options.outdir });
for (const { name, workloads } of groups()) {
  const chart = new Chart(app, name, { labels: { 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/managed-by': 'cdk8s-plus' } });
  const serviceAccount = new kplus.ServiceAccount(chart, 'Account', { metadata: { name }, automountToken: false });
  const everything = kplus.Pods.select(chart, 'Everything', { labels: { 'app.kubernetes.io/part-of': name } });
  new kplus.NetworkPolicy(chart, 'Deny', {
    metadata: { name: `${name}-default-deny` },
    selector: everything,
    ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
    egress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
  });
  const dns = kplus.Pods.select(chart, 'Dns', {
    labels: { 'k8s-app': 'kube-dns' },
    namespaces: kplus.Namespaces.select(chart, 'System', { labels: { 'kubernetes.io/metadata.name': 'kube-system' } }),
  });
  let previous;
  for (const id of workloads) {
    const labels = { 'app.kubernetes.io/name': id, 'app.kubernetes.io/instance': name, 'app.kubernetes.io/component': 'workload' };
    const deployment = new kplus.Deployment(chart, id, {
      metadata: { name: id, labels },
      podMetadata: { labels: { ...labels, ...chart.labels } },
      replicas: 1,
      strategy: kplus.DeploymentStrategy.rollingUpdate({ maxSurge: kplus.PercentOrAbsolute.absolute(1), maxUnavailable: kplus.PercentOrAbsolute.absolute(0) }),
      serviceAccount,
      automountServiceAccountToken: false,
      terminationGracePeriod: Duration.seconds(30),
      securityContext: { ensureNonRoot: true, fsGroup: 10001, fsGroupChangePolicy: kplus.FsGroupChangePolicy.ON_ROOT_MISMATCH },
      containers: [{
        name: 'main',
        image: `registry.example/${id}:1.0.0`,
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        ports: [{ name: 'http', number: PORT, protocol: kplus.Protocol.TCP }],
        envVariables: previous ? variables(previous.name) : {},
        readiness: kplus.Probe.fromTcpSocket({ port: PORT, periodSeconds: Duration.seconds(5), timeoutSeconds: Duration.seconds(3), failureThreshold: 3 }),
        resources: resources(1000, 50, 256, 64),
        securityContext: securityContext(10001),
      }],
      initContainers: previous ? [{
        name: 'wait',
        image: 'busybox:1.37.0-musl',
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        command: ['sh', '-c', WAIT, 'wait', `${previous.name}:${PORT}`],
        resources: resources(200, 10, 32, 16),
        securityContext: securityContext(65534),
      }] : [],
    });
    new kplus.Service(chart, `${id}-service`, {
      metadata: { name: id, labels }, selector: deployment, ports: [{ name: 'http', port: PORT, targetPort: PORT, protocol: kplus.Protocol.TCP }],
    });
    const policy = new kplus.NetworkPolicy(chart, `${id}-policy`, {
      metadata: { name: id, labels },
      selector: deployment,
      ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
      egress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
    });
    if (previous) {
      policy.addEgressRule(previous.deployment, HTTP);
      policy.addEgressRule(dns, [kplus.NetworkPolicyPort.tcp(53)]);
      previous.policy.addIngressRule(deployment, HTTP);
    }
    previous = { name: id, deployment, policy };
  }
}
finish('define');
app.synth();
finish('kubernetes');

/** The same names for all: thousands of objects whose first keys differ would make V8, and so this program, twice as slow. */
function variables(name) {
  return {
    PREVIOUS_HOST: kplus.EnvValue.fromValue(name),
    PREVIOUS_PORT: kplus.EnvValue.fromValue(String(PORT)),
    PREVIOUS_URL: kplus.EnvValue.fromValue(`http://${name}:${PORT}`),
  };
}

function resources(cpuLimit, cpuRequest, memoryLimit, memoryRequest) {
  return {
    cpu: { limit: kplus.Cpu.millis(cpuLimit), request: kplus.Cpu.millis(cpuRequest) },
    memory: { limit: Size.mebibytes(memoryLimit), request: Size.mebibytes(memoryRequest) },
    ephemeralStorage: { limit: Size.gibibytes(1), request: Size.gibibytes(1) }, // it takes whole gibibytes only
  };
}

function securityContext(user) {
  return { user, group: user, ensureNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, privileged: false };
}
