/** What relays and proxies run; one version of each for all. */
export const HAPROXY = { reference: 'haproxy:3.2.26', uid: 99, gid: 99 };
export const NGINX = { reference: 'nginx:1.30.6', uid: 101, gid: 101 };
