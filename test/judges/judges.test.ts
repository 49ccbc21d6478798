// That the judges do find something: one that is silent by mistake would pass everything.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { composeSchema } from './docker-schemas';
import { checkov, gatewayApi, judgeTest, keda, kubeScore, newestKubernetes, strictKubernetes } from './judges';
import { haproxy, nginx } from './proxies';

const deployment = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {mode: 'on'}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    kube-score/ignore: container-image-tag
    checkov.io/skip1: CKV_K8S_14=no matter
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: nginx
          image: nginx
          env:
            - {name: KEY, value: AKIAIOSFODNN7EXAMPLE}
`;
const externalSecret = `---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
`;

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'judges-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'manifest.k8s.yaml');
  writeFileSync(path, text);
  return path;
}

judgeTest('kube-score names the object and the container, and no annotation silences it', 'kubeScore', () => {
  const findings = kubeScore(file(deployment));
  expect(findings).toContainEqual({
    judge: 'kube-score', check: 'container-image-tag', object: 'Deployment/web', container: 'nginx', message: 'Image with latest tag',
  });
  expect(findings).toContainEqual(expect.objectContaining({ check: 'pod-networkpolicy', object: 'Deployment/web' }));
});

judgeTest('Checkov names the object and the container, and no annotation silences it', 'checkov', () => {
  const findings = checkov(file(deployment));
  expect(findings).toContainEqual({
    judge: 'checkov', check: 'CKV_K8S_11', object: 'Deployment/web', container: 'nginx', message: 'CPU limits should be set',
  });
  for (const check of ['CKV_K8S_14', 'CKV2_K8S_6', 'CKV_SECRET_2']) {
    expect(findings).toContainEqual(expect.objectContaining({ check, object: 'Deployment/web' }));
  }
});

judgeTest('a file that a tool cannot read is no success', 'checkov', () => {
  expect(() => checkov(file('kind: {'))).toThrow('no Kubernetes object');
});

judgeTest('kube-score refuses a file that it cannot read', 'kubeScore', () => {
  expect(() => kubeScore(file('kind: {'))).toThrow('did not judge');
});

judgeTest('strict schemas refuse unknown fields, wrong types and unknown kinds', 'strictKubernetes', () => {
  for (const version of ['1.27', newestKubernetes()]) {
    expect(strictKubernetes(file(deployment), version)).toEqual([]);
    expect(strictKubernetes(file(deployment.replace('spec:', 'spec:\n  replicaCount: 2')), version))
      .toEqual(['Deployment/web: /spec must NOT have additional properties: replicaCount']);
    expect(strictKubernetes(file(deployment.replace("'on'", 'on')), version)).toEqual(['ConfigMap/settings: /data/mode must be string,null']);
    expect(strictKubernetes(file(externalSecret), version))
      .toEqual([`ExternalSecret/db: Kubernetes ${version} has no external-secrets.io/v1 ExternalSecret`]);
    expect(strictKubernetes(file(externalSecret), version, ['ExternalSecret'])).toEqual([]);
    expect(strictKubernetes(file(''), version)).toHaveLength(1);
  }
  expect(() => strictKubernetes(file(deployment), '1.2')).toThrow('no schemas');
});

judgeTest('the schemas of the Gateway API refuse typos, wrong values and unknown kinds', 'gatewayApi', () => {
  const route = (rule: object) => ({
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'api' }, spec: { parentRefs: [{ name: 'edge' }], rules: [rule] },
  });
  expect(gatewayApi([route({ backendRefs: [{ name: 'api', port: 80 }] })])).toEqual([]);
  expect(gatewayApi([route({ backends: [] })])).toEqual(['HTTPRoute/api: /rules/0 must NOT have additional properties: backends']);
  expect(gatewayApi([route({ backendRefs: [{ name: 'api', port: 'http' }] })])).toEqual(['HTTPRoute/api: /rules/0/backendRefs/0/port must be integer']);
  expect(gatewayApi([route({ timeouts: { request: '1.5s' } })])).toEqual([expect.stringMatching('HTTPRoute/api: /rules/0/timeouts/request must match pattern')]);
  expect(gatewayApi([{ ...route({}), kind: 'Route' }])).toEqual(['Route/api: there is no such kind in gateway.networking.k8s.io/v1']);
});

judgeTest('the schemas of KEDA refuse typos, wrong types and unknown kinds', 'keda', () => {
  const scaled = {
    apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'worker' }, spec: { scaleTargetRef: { name: 'worker' }, triggers: [{ type: 'kafka', metadata: { topic: 'jobs' } }] },
  };
  const having = (more: object) => ({ ...scaled, spec: { ...scaled.spec, ...more } });
  expect(keda([scaled])).toEqual([]);
  expect(keda([having({ maxReplicas: 3 })])).toEqual(['ScaledObject/worker: / must NOT have additional properties: maxReplicas']);
  expect(keda([having({ triggers: [{ type: 'kafka', metadata: { lagThreshold: 5 } }] })])).toEqual(['ScaledObject/worker: /triggers/0/metadata/lagThreshold must be string']);
  expect(keda([having({ triggers: undefined })])).toEqual(["ScaledObject/worker: / must have required property 'triggers'"]);
  expect(keda([{ ...scaled, kind: 'Scaler' }])).toEqual(['Scaler/worker: there is no such kind in keda.sh/v1alpha1']);
});

test('KEDA is judged by the definitions of the version that the cluster runs', () => {
  const version = /^KEDA=(.+)$/m.exec(readFileSync(join(__dirname, 'versions.env'), 'utf8'))![1];
  expect(readFileSync(join(__dirname, '../cluster/programs/keda/go.mod'), 'utf8')).toContain(`require github.com/kedacore/keda/v2 v${version}\n`);
});

test('the Gateway API is judged by the definitions of the version that the cluster runs', () => {
  const version = /^GATEWAY_API=(.+)$/m.exec(readFileSync(join(__dirname, 'versions.env'), 'utf8'))![1];
  expect(readFileSync(join(__dirname, '../cluster/programs/traefik/go.mod'), 'utf8')).toContain(`sigs.k8s.io/gateway-api v${version} `);
});

test('the Compose schema refuses typos', () => {
  const service = { image: 'nginx', depends_on: { db: { condition: 'service_healthy' } } };
  expect(composeSchema({ services: { web: service } })).toEqual([]);
  expect(composeSchema({ services: { web: { ...service, imagee: 'nginx' } } }))
    .toEqual(['/services/web must NOT have unevaluated properties: imagee']);
  expect(composeSchema({ services: { web: { ...service, depends_on: { db: { condition: 'healthy' } } } } })).not.toEqual([]);
});

judgeTest('nginx and HAProxy say what is wrong in a configuration, or nothing', 'proxies', () => {
  const main = '/etc/nginx/nginx.conf';
  const http = (location: string) => ({
    [main]: `pid /tmp/nginx.pid; events {} http { access_log off; client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d;
      scgi_temp_path /tmp/e; include /etc/nginx/app.conf; } stream { server { listen 15432; proxy_pass 127.0.0.1:1; } }`,
    '/etc/nginx/app.conf': `server { listen 18080; location / { ${location} } }`,
  });
  expect(nginx(http('return 204;'))).toEqual([]);
  expect(nginx(http('retrun 204;'))[0]).toMatch(/\[emerg\].*unknown directive "retrun" in \/etc\/nginx\/app.conf:1/);

  const config = (mode: string) => ({ '/usr/local/etc/haproxy/haproxy.cfg': `defaults\n  mode ${mode}\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\nfrontend a\n  bind :18080\n` });
  expect(haproxy(config('http'))).toEqual([]);
  expect(haproxy(config('htpt')).join()).toContain("unknown proxy mode 'htpt'");
});
