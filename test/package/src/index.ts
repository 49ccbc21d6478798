export * from './cached-service';
export * from './maria-db';
export * from './redis-streams';
