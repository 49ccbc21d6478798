import { Application } from '../../../model/application';
import type { Container } from '../../../model/container';
import { Protocol } from '../../../model/endpoint';
import { Workload, WorkloadProps } from '../../../model/workload';
import type { ContainerFacts, IProgramFacts } from '../../program-facts';
import type { Expectations } from '../expectations';

/** What a target makes of an application. */
export type View = (application: Application) => IProgramFacts;

/** What must hold on every target by which programs run: a sentence, and the code that checks it. */
export type Statements = Record<string, (view: View, must: Expectations) => void>;

export const IMAGE = 'example.test/program:1.0.0';

/** An application with one workload `a`. */
export function one(props: Partial<WorkloadProps> = {}): { application: Application; a: Workload } {
  const application = new Application('app');
  return { application, a: new Workload(application, 'a', { image: IMAGE, ...props }) };
}

/** An application with a server `b`, which listens on http 8080, metrics 9090 and dns 53/UDP, and workloads `a` and `c`. */
export function three(server: Partial<WorkloadProps> = {}): { application: Application; a: Workload; b: Workload; c: Workload } {
  const application = new Application('app');
  const [a, c] = ['a', 'c'].map(id => new Workload(application, id, { image: IMAGE, ports: [{ name: 'own', number: 7000 }] }));
  const b = new Workload(application, 'b', { image: IMAGE, ports: PORTS, ...server });
  return { application, a, b, c };
}

const PORTS = [{ name: 'http', number: 8080 }, { name: 'metrics', number: 9090 }, { name: 'dns', number: 53, protocol: Protocol.UDP }];

/** What a target shows of the main container of an application with one workload. */
export function shows(view: View, props: Partial<WorkloadProps>, add: (main: Container, application: Application) => void = () => undefined): ContainerFacts {
  const { application, a } = one(props);
  add(a.main, application);
  return view(application).container('a');
}
