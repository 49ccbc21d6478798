import { Application, BrokeredQueue, RabbitMq, RabbitMqProps, Workload } from 'cdk8s-conduit';

/** Letters are taken at a counter, and sorted. Where the broker is, only its options know. */
export function postOffice(post: Application, options: RabbitMqProps = {}): Application {
  const programs = { image: 'post/programs:1.0.0', buildContext: { directory: `${__dirname}/programs` } };

  const broker = new RabbitMq(post, 'broker', options);
  const letters = new BrokeredQueue(post, 'letters', { broker });

  const counter = new Workload(post, 'counter', { ...programs, args: ['python', '-c', 'import signal; signal.pause()'] });
  const sorter = new Workload(post, 'sorter', { ...programs, args: ['python', '-u', 'sorter.py'] });

  letters.grantSend(counter);
  letters.grantReceive(sorter);
  return post;
}
