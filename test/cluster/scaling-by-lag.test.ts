// Replicas that follow the lag of a group of Kafka, by KEDA.
import { Application, BrokeredQueue, Kafka, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { MESSAGES, SCALING, untilRead, untilReplicas } from './scaled';
import { Messages, PROGRAMS } from '../live/brokers/messages';
import { describeLive } from '../live/describe-live';
import type { Kubernetes, KubernetesDeployment } from '../live/kubernetes';

const MINUTE = 60_000;

jest.setTimeout(5 * MINUTE);

/** A worker that does nothing, and another one of its group that does all. */
function buildGroup() {
  const application = new Application('scaling-kafka');
  const jobs = new BrokeredQueue(application, 'jobs', { broker: new Kafka(application, 'broker'), messageTtl: Duration.hours(1), expiredToDeadLetters: false });
  const [sender, worker, other] = ['sender', 'worker', 'other'].map(name => new Workload(application, name, PROGRAMS));
  jobs.grantSend(sender);
  jobs.grantReceive(worker, { scaling: SCALING });
  jobs.grantReceive(other);
  return application;
}

describeLive<Kubernetes>('a worker that is scaled by the lag of its group', engine => {
  let deployment: KubernetesDeployment;
  beforeAll(async () => {
    await engine.open({ keda: true });
    deployment = engine.application(buildGroup());
    await deployment.start();
  }, 50 * MINUTE);
  afterAll(() => deployment.remove());

  it('goes up with the lag, and down once the group has no more', async () => {
    const messages = new Messages(() => deployment, 'kafka_client');
    const sent = Array.from({ length: MESSAGES }, (_, index) => `job ${index}`);
    await untilRead(deployment);
    await untilReplicas(deployment, 0);
    await messages.send('sender', 'JOBS', ...sent);
    await untilReplicas(deployment, 4);
    expect((await messages.receive('other', 'JOBS', { count: MESSAGES, seconds: 30 })).map(({ body }) => body).sort()).toEqual([...sent].sort());
    await untilReplicas(deployment, 0);
  });
}, 'KEDA');
