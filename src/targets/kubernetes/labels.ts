import type { Application } from '../../model/application';
import type { LoadBalancer } from '../../model/load-balancer';
import type { Network } from '../../model/network';
import type { Volume } from '../../model/volume';
import type { Workload } from '../../model/workload';
import type { WorkloadBase } from '../../model/workload-base';
import { withinLimit } from '../../private/hash';

/** What a workload of the application, or a task, is called among its parts. Only pods of the chart have one of these, so that its policy closes no others. */
export const COMPONENTS = ['workload', 'task'];

/**
 * Labels of every object of the chart, whoever made it.
 * @throws if a label cannot have such a value.
 */
export function chartLabels(application: Application, version?: string): Record<string, string> {
  if (version !== undefined && !/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(version)) {
    throw new Error(`${application.name}: 'applicationVersion' must be at most 63 letters, digits, '.', '_' and '-', with a letter or digit at both ends, got '${version}'`);
  }
  return { ...applicationLabels(application), ...(version === undefined ? {} : { 'app.kubernetes.io/version': version }) };
}

/** What an object of the application is called, beside what the labels of the chart say. */
export function nameLabel(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '') };
}

/** Labels of everything that belongs to the application. */
function applicationLabels(application: Application): Record<string, string> {
  return {
    'app.kubernetes.io/instance': application.name,
    'app.kubernetes.io/part-of': application.name,
    'app.kubernetes.io/managed-by': 'cdk8s-conduit',
  };
}

/** Labels that select a workload's pods; they never change. */
export function selectorLabels(workload: WorkloadBase): Record<string, string> {
  return {
    'app.kubernetes.io/name': workload.name,
    'app.kubernetes.io/instance': workload.application.name,
  };
}

/** Labels of the pods that a host name leads to: that of a workload, or of one member. */
export function ownSelector(workload: Workload, host: string): Record<string, string> {
  return host === workload.name || host === workload.replicasName ? selectorLabels(workload) : { 'statefulset.kubernetes.io/pod-name': host };
}

/** All standard labels of a workload's objects. */
export function workloadLabels(workload: WorkloadBase, component: string): Record<string, string> {
  return {
    ...applicationLabels(workload.application), // a second one would make this slow
    'app.kubernetes.io/name': workload.name,
    'app.kubernetes.io/component': component,
  };
}

/** Label of all pods that use a volume which only one node at a time can use. */
export function volumeLabel(volume: Volume): string {
  return `cdk8s-conduit/volume-${withinLimit(volume.name, 50)}`;
}

/** Label of all pods behind a load balancer. */
export function balancerLabel(balancer: LoadBalancer): string {
  return `cdk8s-conduit/balancer-${balancer.name}`;
}

/** Label of all pods on a network that the program defines. */
export function networkLabel(network: Network): string {
  return `cdk8s-conduit/network-${network.name}`;
}
