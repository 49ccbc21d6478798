/** What health checks said, the last one at the end. */
interface Health {
  readonly Status: string;
  readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[];
}

/** The part of `docker inspect` that is looked at. */
export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: { readonly Status: string; readonly Pid: number; readonly ExitCode: number; readonly Health?: Health };
  readonly HostConfig: { readonly NetworkMode: string };
  readonly Config: { readonly Labels: Record<string, string> };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string; readonly Gateway: string }> };
}

export function isReady({ State: { Status, Health } }: Container): boolean {
  return Status === 'running' && (Health === undefined || Health.Status === 'healthy');
}

/** Who a container is, and why it is not ready. */
export function stateOf({ Name, State: { Status, Health } }: Container): string {
  const last = Health?.Log?.at(-1);
  return `${Name} is ${Status}${Health ? `, ${Health.Status}` : ''}${last ? ` (${last.ExitCode}: ${last.Output.trim()})` : ''}`;
}

export function serviceNameOf({ Config: { Labels } }: Container): string {
  return Labels['com.docker.compose.service'];
}

export function numberOf({ Config: { Labels } }: Container): number {
  return Number(Labels['com.docker.compose.container-number']);
}
