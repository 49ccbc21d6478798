import { Application, BrokeredQueue, IBroker, PublicAddress } from 'cdk8s-conduit';
import { Duration } from 'cdk8s';
import { PROGRAMS } from './brokers/messages';
import type { OutsideServer } from './outside-server';

/** What is the same of brokers: a queue, and the programs that the contract of brokers has. */
export interface OutsideBroker extends Pick<OutsideServer, 'hostPort' | 'ports'> {
  /** Module of the programs. */
  readonly client: string;
  readonly make: (application: Application, address: PublicAddress) => IBroker;
}

export function outsideBroker({ client, make, hostPort, ports }: OutsideBroker): OutsideServer {
  const words = (command: string, json: object) => ['python', 'messages.py', client, command, 'ORDERS', JSON.stringify(json)];
  return {
    program: PROGRAMS,
    hostPort,
    ports,
    add: (application, address, { laptop, bench, inside }) => {
      const queue = new BrokeredQueue(application, 'orders', { broker: make(application, address), messageTtl: Duration.hours(1), deadLetters: false });
      queue.grantSend(laptop);
      queue.grantSend(inside);
      queue.grantReceive(bench);
    },
    put: texts => words('send', texts.map((text, n) => ({ body: text, key: `${n}` }))),
    take: words('receive', {}),
    refused: { take: words('attempt', { action: 'receive', target: 'orders' }), put: words('attempt', { action: 'send', target: 'orders' }) },
    logIn: tls => words('trust', { ca_file: tls ? '/tmp/ORDERS_CA' : '' }),
  };
}
