// What tests of engines share: each of them runs the same programs' proxies, in front of upstreams on this machine.
import { Application, Endpoint, HaProxy, IProxyEngine, Nginx, ReverseProxy, ReverseProxyProps } from 'cdk8s-conduit';
import { RunningProxy, Surroundings, Upstream } from './running-proxy';
import { judgeTest } from '../judges/judges';

const ENGINES: (() => IProxyEngine)[] = [() => new Nginx(), () => new HaProxy()];

/** One application with a proxy, and all that runs for it. */
export class Setting {
  public readonly shop = new Application('shop');
  private readonly running: { stop(): unknown }[] = [];

  public constructor(private readonly engine: IProxyEngine) {}

  public get product(): string {
    return this.engine.product;
  }

  public edge(props: Partial<ReverseProxyProps> = {}): ReverseProxy {
    return new ReverseProxy(this.shop, 'edge', { engine: this.engine, ...props });
  }

  public async upstream(name: string, answer?: Parameters<typeof Upstream.start>[1]): Promise<Upstream & { readonly endpoint: Endpoint }> {
    const started = await Upstream.start(name, answer);
    this.running.push(started);
    return Object.assign(started, { endpoint: Endpoint.external('127.0.0.1', started.port) });
  }

  public async start(proxy: ReverseProxy, surroundings?: Surroundings): Promise<RunningProxy> {
    const started = await RunningProxy.start(proxy, surroundings);
    this.stopAfter(started);
    return started;
  }

  /** What ends with the setting, before all that was there earlier. */
  public stopAfter(started: { stop(): unknown }): void {
    this.running.unshift(started);
  }

  public async stop(): Promise<void> {
    for (const each of this.running) await each.stop();
  }
}

/** A test of what every engine does, or of what some do. */
export function proxyTest(name: string, run: (setting: Setting) => Promise<void>, only?: string): void {
  for (const make of ENGINES.filter(engine => only === undefined || engine().product === only)) {
    judgeTest(`${make().product}: ${name}`, 'proxies', async () => {
      const setting = new Setting(make());
      try {
        await run(setting);
      } finally {
        await setting.stop();
      }
    });
  }
}
