import { TOPOLOGY, TOPOLOGY_DEVIATIONS as DEVIATIONS } from './deviations';
import type { Box, BoxKind, Diagram, Line } from './diagram';
import {
  captionsOf, describeReplicas, describeRole, describeSize, detailsOfBalancer, detailsOfFile, detailsOfNetwork, detailsOfRunning, detailsOfScaling,
  detailsOfSecret, detailsOfVolume, Fact, factOf, isShared,
} from './facts';
import { comesThrough, drawFlows, Edge, edgeOf, idOf, prefixOf } from './flows';
import type { Application } from '../../model/application';
import type { ConfigFile } from '../../model/config-file';
import type { LoadBalancer } from '../../model/load-balancer';
import type { ILowering } from '../../model/lowering';
import type { Network } from '../../model/network';
import type { Primitive } from '../../model/primitive';
import type { Scaling } from '../../model/scaling';
import type { Secret } from '../../model/secret';
import type { Task } from '../../model/task';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import { byText } from '../../private/names';
import { FidelityReport } from '../fidelity';

/** Turns a checked application into boxes and lines, and into what lists show. */
export class TopologyLowering implements ILowering {
  public readonly fidelity: FidelityReport;
  public readonly facts: Fact[] = [];

  private readonly boxes: Box[] = [];
  private readonly lines: Line[] = [];

  public constructor(private readonly application: Application) {
    this.fidelity = new FidelityReport(TOPOLOGY, application);
  }

  /** The picture, after everything was lowered. */
  public finish(): Diagram {
    this.fidelity.throwIfRefused();
    for (const { node } of this.application.externalClients) this.fidelity.add(node.path);
    const { connections, name } = this.application;
    const { lines, outside } = drawFlows(connections);
    const channels = new Map<string, Set<string>>();
    for (const { from, to, place, channel } of lines) {
      const id = place === 'from' ? from : to;
      if (channel !== undefined) channels.set(id, (channels.get(id) ?? new Set()).add(channel));
    }
    const exposed = new Set(connections.flatMap(edge => comesThrough(edge) ?? []).map(({ balancer, endpoint }) => idOf(balancer ?? endpoint.workload!)));
    const boxes = [...this.boxes, ...outside].map(box => ({ ...box, channels: [...channels.get(box.id) ?? []].sort(byText), isExposed: exposed.has(box.id) }));
    return { title: name, boxes, lines: [...lines, ...this.lines] };
  }

  /** All connections, as a list shows them. */
  public get edges(): Edge[] {
    return this.application.connections.map(edgeOf);
  }

  public lowerWorkload(workload: Workload): void {
    const facts = [describeRole(workload), describeReplicas(workload)];
    this.add(workload, 'workload', captionsOf(workload, facts), [...facts.flatMap(fact => fact ?? []), ...detailsOfRunning(workload)]);
  }

  public lowerTask(task: Task): void {
    const role = describeRole(task);
    this.add(task, 'task', captionsOf(task, ['task', role]), [role ?? '', ...detailsOfRunning(task)]);
  }

  public lowerVolume(volume: Volume): void {
    const details = detailsOfVolume(volume);
    if (!isShared(volume)) {
      this.note(volume, 'volume', details); // stands in the box of its only user
      return;
    }
    const id = this.add(volume, 'volume', [`volume, ${describeSize(volume.size)}`], details);
    for (const { container, path, readOnly } of volume.mounts) {
      const [user, label] = [idOf(container.workload), `${prefixOf(container)}${readOnly ? 'reads' : 'writes'} ${path}`];
      this.lines.push(readOnly ? { kind: 'storage', from: id, to: user, place: 'from', label } : { kind: 'storage', from: user, to: id, place: 'to', label });
    }
  }

  public lowerNetwork(network: Network): void {
    const id = this.add(network, 'network', ['network'], detailsOfNetwork(network));
    for (const member of network.members) this.lines.push({ kind: 'network', from: idOf(member), to: id, place: 'to', label: '' });
  }

  public lowerLoadBalancer(balancer: LoadBalancer): void {
    this.add(balancer, 'workload', ['load balancer'], detailsOfBalancer(balancer), 'load balancer'); // drawn as what runs, as on some targets it does
  }

  public lowerScaling(scaling: Scaling): void {
    this.note(scaling, 'scaling', detailsOfScaling(scaling)); // stands in the box of its workload
  }

  public lowerConfigFile(file: ConfigFile): void {
    this.note(file, 'config file', detailsOfFile(file));
    this.fidelity.deviate(file.node.path, DEVIATIONS.fileText);
  }

  public lowerSecret(secret: Secret): void {
    this.note(secret, 'secret', detailsOfSecret(secret));
  }

  private add(primitive: Primitive, kind: BoxKind, captions: string[], details: string[], what: string = kind): string {
    const id = idOf(primitive);
    this.boxes.push({ id, kind, title: primitive.name, captions, channels: [], isExposed: false, path: primitive.node.path });
    this.note(primitive, what, details);
    return id;
  }

  private note(primitive: Primitive, kind: string, details: string[]): void {
    this.fidelity.add(primitive.node.path);
    this.facts.push(factOf(primitive, kind, details));
  }
}
