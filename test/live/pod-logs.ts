// What the containers of a pod wrote.
import { clusterEnvironment } from './cluster';
import { attempt } from './command';
import type { LogLine } from './deployment';
import { statusesOf } from './pod-status';

/** Lines of those that go on running, and of the ones before them. */
export async function linesOf(namespace: string, pod: any): Promise<LogLine[]> {
  const lines = await Promise.all(statusesOf(pod).map(async (status: any) => {
    const ask = (...options: string[]) => attempt('kubectl', ['-n', namespace, 'logs', pod.metadata.name, '-c', status.name, ...options], { env: clusterEnvironment() });
    const earlier = status.restartCount > 0 ? await ask('--previous') : undefined;
    const now = await ask(); // a container that was not started has none
    return [earlier, now].flatMap(outcome => outcome?.code === 0 ? outcome.stdout.split('\n') : []).filter(Boolean)
      .map(text => ({ replica: pod.metadata.name as string, text }));
  }));
  return lines.flat();
}

/** The text of all. */
export async function textOf(namespace: string, pod: any): Promise<string> {
  const { code, stdout, stderr } = await attempt('kubectl', ['-n', namespace, 'logs', pod.metadata.name, '--all-containers'], { env: clusterEnvironment() });
  if (code !== 0 && !stderr.includes('is waiting to start')) throw new Error(stderr); // one that waits has written nothing, but others may have
  return stdout;
}
