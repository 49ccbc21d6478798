import { Application, BrokeredQueue, Kafka, KafkaProps, Workload } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { Messages, PROGRAMS } from './messages';
import type { Deployment } from '../deployment';
import { describeLive } from '../describe-live';

jest.setTimeout(400_000);

const VARIANTS: [string, KafkaProps][] = [['of one node', {}], ['with controllers of their own', { controllers: 3 }]];

// a cluster of three such nodes: kafka-cluster.test.ts
describe.each(VARIANTS)('Kafka %s', (_, props) => {
  const application = new Application('secured');
  const broker = new Kafka(application, 'broker', { ...props, tls: true });
  const [sender, receiver] = ['sender', 'receiver'].map(id => new Workload(application, id, PROGRAMS));
  const jobs = new BrokeredQueue(application, 'jobs', { broker, messageTtl: Duration.hours(1), deadLetters: false });
  jobs.grantSend(sender);
  jobs.grantReceive(receiver);

  describeLive('by TLS', engine => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = engine.application(application);
      await deployment.start();
    });
    afterAll(() => deployment.remove());
    const m = new Messages(() => deployment, 'kafka_client');

    it('shows clients who it is, and talks to none without TLS', async () => {
      expect(await m.send('sender', 'JOBS', 'safe')).toEqual(['stored safe']);
      expect(await m.drain('receiver', 'JOBS')).toEqual(['safe']);
      expect(await m.trust('sender', 'JOBS', broker.caCertificates!.path)).toBe('trusted');
      expect(await m.drain('receiver', 'JOBS')).toEqual(['trusted']);
      expect(await m.trust('sender', 'JOBS', '/etc/ssl/certs/ca-certificates.crt')).toBe('not trusted');
      expect(await m.trust('sender', 'JOBS', '')).toBe('not trusted');
    });

    it('is not taken for what it is by another name', async () => {
      expect(await deployment.exec('sender', 'python', '-c', `
import os, socket, confluent_kafka, kafka_client
v = {name[5:].lower(): value for name, value in os.environ.items() if name.startswith('JOBS_')}
v['password'] = open(v['password_file']).read()
for host in ('broker-0', 'broker-0.broker', socket.gethostbyname('broker-0')):
    try:
        confluent_kafka.Producer({**kafka_client.connection(v), 'bootstrap.servers': f'{host}:9092'}).list_topics('jobs', timeout=8)
        print('trusted')
    except confluent_kafka.KafkaException:
        print('not trusted')
`)).toBe('trusted\ntrusted\nnot trusted');
    });

    it('tells whoever waits that all is declared, with its own rights alone', async () => {
      const asking = (client: Workload, changed: Record<string, string> = {}) => {
        const variables = Object.entries(client.main.env).map(([name, { text }]) => `${name}=${changed[name] ?? text}`);
        return deployment.runOnce('broker-provisioning', 'env', ...variables, ...broker.provisioning!.completionCheck!);
      };
      expect(await asking(sender)).toBe('');
      expect(await asking(receiver)).toBe('');
      await expect(asking(sender, { JOBS_TOPIC: 'other' })).rejects.toThrow();
    });

    it('does not start with a key that it could not load, and says what to do', async () => {
      const start = await deployment.tryExec('broker', 'bash', '-c', `
sed 's/PRIVATE KEY/RSA PRIVATE KEY/' /run/secrets/broker-tls-key > /tmp/key
sed 's#/run/secrets/broker-tls-key#/tmp/key#' /etc/kafka/conduit/start | bash
`);
      expect(start.code).toBe(1);
      expect(start.stderr).toMatch(/^refused: secret broker-tls has no private key in PKCS #8 under 'tls\.key'/);
    });

    it('tells no password and no key to anybody who may look at all else', async () => {
      const visible = await deployment.visible();
      for (const [name, value] of Object.entries(deployment.secrets)) {
        for (const line of value.split('\n').filter(each => each && !each.startsWith('-----'))) expect(`${name} ${visible.includes(line)}`).toBe(`${name} false`);
      }
    });
  });
});
