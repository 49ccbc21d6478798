import { Client, Endpoint, IClient, SharedVolume, Workload } from 'cdk8s-conduit';
import { Construct } from 'constructs';

/** Options of a cached service. */
export interface CachedServiceProps {
  /** Image of the service, which takes the cache's address from `CACHE_HOST` and `CACHE_PORT`. */
  readonly image: string;
  /** Number of its HTTP port. */
  readonly port: number;
}

/** A service with a cache of its own, which is there before the service starts and which nobody else reaches. */
export class CachedService extends Construct implements IClient {
  private readonly service: Workload;

  public constructor(scope: Construct, id: string, props: CachedServiceProps) {
    super(scope, id);
    const cache = new Workload(this, 'Cache', {
      image: 'redis:8.0-alpine',
      uid: 999,
      gid: 1000,
      args: ['redis-server', '/etc/redis/redis.conf'],
      ports: [{ name: 'redis', number: 6379 }],
    });
    const settings = new SharedVolume(this, 'Settings', { files: { 'redis.conf': 'save ""\nappendonly no\nmaxmemory 64mb\n' } });
    settings.grantRead(cache, '/etc/redis');
    this.service = new Workload(this, 'Default', { image: props.image, ports: [{ name: 'http', number: props.port }] });
    this.service.connectTo(cache.endpoint(), { prefix: 'CACHE' });
  }

  public endpoint(): Endpoint {
    return this.service.endpoint();
  }

  public toClient(): Client {
    return this.service.main;
  }
}
