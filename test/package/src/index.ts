export * from './cached-service';
export * from './graphviz';
export * from './maria-db';
export * from './redis-streams';
export * from './safe-operator';
