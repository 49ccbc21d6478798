/** What relays and proxies run; one version of each for all. */
export const HAPROXY = { reference: 'haproxy:3.2.26', user: 99, group: 99 };
export const NGINX = { reference: 'nginx:1.30.6', user: 101, group: 101 };
