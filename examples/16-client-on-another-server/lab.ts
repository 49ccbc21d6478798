import { Application, BrokeredQueue, BrokeredTopic, ExternalClient, RabbitMq, Workload } from 'cdk8s-conduit';

/** Where a laboratory is, and from where its people come. */
export interface Place {
  /** Name or address under which they know the server. */
  readonly publicHost: string;
  /** Of people with laptops. */
  readonly offices: string[];
  /** Of the machines that work. */
  readonly benches: string[];
}

/** A laboratory whose broker and printer run here, and whose laptops and benches are on other machines. */
export function lab(application: Application, { publicHost, offices, benches }: Place): Application {
  const programs = { image: 'lab/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

  const broker = new RabbitMq(application, 'broker', { tls: true, publicHost });
  const tasks = new BrokeredQueue(application, 'tasks', { broker, queueName: 'task_queue' });
  const prints = new BrokeredQueue(application, 'prints', { broker });
  const status = new BrokeredTopic(application, 'status', { broker });

  const printer = new Workload(application, 'printer', { ...programs, args: ['python', '-u', 'printer.py'] });
  prints.grantReceive(printer);
  status.grantPublish(printer);

  // the classic programs declare the queue by themselves
  const laptop = new ExternalClient(application, 'laptop', { sources: offices });
  tasks.grantSend(laptop, { declares: true });
  prints.grantSend(laptop);
  status.subscribe(laptop);

  const bench = new ExternalClient(application, 'bench', { sources: benches });
  tasks.grantReceive(bench, { declares: true });
  return application;
}
