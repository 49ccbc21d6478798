// What kube-score and Checkov say about the manifests of every example, and of an application that uses every feature.
// A finding is a defect, unless there is a reason why it is none.
import { Keda, KubernetesChart } from 'cdk8s-conduit';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { everyFeature } from './contracts/every-feature';
import { checkov, Finding, judgeTest, kubeScore } from './judges/judges';

interface Reason {
  readonly check: string;
  /** Objects, as Kind/name, for which the reason holds. */
  readonly objects: RegExp;
  readonly reason: string;
}

const WORKLOADS = /^(Deployment|StatefulSet|Job)\//;
const TAGGED = 'a tag that is not `latest` names one image; asking the registry with every start would make the registry a part of the running application';
const OWN_USER = 'the files in the image belong to this user; each container has a network and file system of its own, and the host\'s users are kept apart by the node';

const KUBE_SCORE: Reason[] = [
  { check: 'container-image-pull-policy', objects: WORKLOADS, reason: TAGGED },
  { check: 'container-security-context-user-group-id', objects: /^(StatefulSet\/(broker|db|kafka|kafka-controllers|store|cache)|Job\/(kafka|broker|db|managed|store|cache)-provisioning-.*|Deployment\/(edge|web|collector|api|client|alarm|cache|balance|teller|counter|report|sorter|ballot|result))$/, reason: OWN_USER },
  { check: 'deployment-replicas', objects: /^Deployment\//, reason: 'the program says how many replicas there are; the default is one on every target, since not every program can run twice' },
  { check: 'service-targets-pod', objects: /^Service\/.*-\d+$/, reason: 'a member\'s Service selects the label with its name that the StatefulSet controller gives each pod' },
];

const CHECKOV: Reason[] = [
  { check: 'CKV_K8S_8', objects: WORKLOADS, reason: 'a health check tells whether a program can work, not whether a restart would help; a liveness probe made of it would restart programs that wait for others or are busy' },
  { check: 'CKV_K8S_9', objects: WORKLOADS, reason: 'a program that listens on no port, and was given no health check, has nothing to probe; nobody connects to it' },
  { check: 'CKV_K8S_15', objects: WORKLOADS, reason: TAGGED },
  { check: 'CKV_K8S_21', objects: /./, reason: 'the program names no namespace, so that the manifest goes where it is applied; `namespace` of the chart sets one' },
  { check: 'CKV_K8S_35', objects: /^Deployment\/api$/, reason: 'the application asks for a secret as the value of a variable, for a program that can take nothing else' },
  { check: 'CKV_K8S_40', objects: /^(StatefulSet\/(broker|db|kafka|kafka-controllers|store|cache)|Job\/(kafka|broker|db|managed|store|cache)-provisioning-.*|Deployment\/(edge|web|collector|api|client|alarm|cache|balance|teller))$/, reason: OWN_USER },
  { check: 'CKV_K8S_43', objects: WORKLOADS, reason: 'a tag or a digest is the user\'s choice; the images that the library brings can be replaced by digests in the image catalogue' },
];

/** Findings without a reason, and reasons without a finding. */
function judge(findings: Finding[], reasons: Reason[]): { unexplained: string[]; unused: string[] } {
  const explains = (reason: Reason, { check, object }: Finding) => reason.check === check && reason.objects.test(object);
  return {
    unexplained: findings.filter(finding => !reasons.some(reason => explains(reason, finding)))
      .map(({ check, object, container, message }) => `${check} ${object}${container ? ` (${container})` : ''}: ${message}`),
    unused: reasons.filter(reason => !findings.some(finding => explains(reason, finding))).map(({ check }) => check),
  };
}

let directory: string;
let manifest: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'judgement-'));
  manifest = join(directory, 'all.k8s.yaml');
  // one file for all, since a call of Checkov takes three seconds
  writeFileSync(manifest, [everything('1.29'), everything('1.34'), ...examples()].join('\n---\n'));
});

afterAll(() => rmSync(directory, { recursive: true }));

function everything(kubernetesVersion: string): string {
  const app = new App();
  new KubernetesChart(app, 'every', { application: everyFeature(), namespace: `on-${kubernetesVersion.replace('.', '-')}`, kubernetesVersion, providers: [new Keda()] });
  return app.synthYaml() as string;
}

function examples(): string[] {
  const root = join(__dirname, '../examples');
  const expected = readdirSync(root).map(example => join(root, example, 'expected')).filter(folder => existsSync(folder));
  return expected.flatMap(folder => readdirSync(folder).filter(name => name.endsWith('.k8s.yaml')).map(name => readFileSync(join(folder, name), 'utf8')));
}

test('there is a manifest of every example', () => {
  const root = join(__dirname, '../examples');
  const programs = readdirSync(root).filter(example => existsSync(join(root, example, 'main.ts')));
  expect(examples()).toHaveLength(programs.length);
});

judgeTest('kube-score finds nothing that has no reason', 'kubeScore', () => {
  expect(judge(kubeScore(manifest), KUBE_SCORE)).toEqual({ unexplained: [], unused: [] });
});

judgeTest('Checkov finds nothing that has no reason', 'checkov', () => {
  expect(judge(checkov(manifest), CHECKOV)).toEqual({ unexplained: [], unused: [] });
});
