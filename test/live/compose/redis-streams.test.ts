import { RedisStreams } from '../../package/src/redis-streams';
import { describeBroker } from '../brokers/contract';

jest.setTimeout(300_000);

// a broker of somebody else's, which knows of the library only what it exports
describeBroker({ name: 'Redis', client: 'redis_client', make: application => new RedisStreams(application, 'broker') });
