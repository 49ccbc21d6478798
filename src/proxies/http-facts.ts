// What every engine has to know of TLS and HTTP.

/** Ciphers of TLS 1.2 that keep what was said secret if the key gets known later, by their names in OpenSSL; 1.3 has no others. */
export const CIPHERS = ['ECDSA', 'RSA']
  .flatMap(kind => ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].map(cipher => `ECDHE-${kind}-${cipher}`)).join(':');

/** Types of answers that become shorter when they are compressed. */
export const COMPRESSED = ['text/css', 'text/plain', 'text/javascript', 'application/javascript', 'application/json', 'application/xml', 'image/svg+xml'];

/** Headers by which upstreams learn of the client, or are told what is none of its business. Whatever a client sent by these names is not passed on. */
export const FORGED = [
  'X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'X-Forwarded-Server', 'X-Forwarded-Scheme',
  'X-Forwarded-Ssl', 'X-Forwarded-User', 'X-Original-URL', 'X-Rewrite-URL', 'Forwarded', 'X-Request-ID', 'Proxy',
];
