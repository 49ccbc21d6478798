import { Duration, Size } from 'cdk8s';
import { HealthCheck } from '../model/health-check';
import type { ImageFacts } from '../model/image-facts';

/** The program is copied to where its data are. It reads the files of secrets at each request, as its own user. */
const WORDPRESS = {
  name: 'wordpress',
  dataPaths: ['/var/www/html'],
  fileVariables: [
    'WORDPRESS_AUTH_KEY', 'WORDPRESS_AUTH_SALT', 'WORDPRESS_CONFIG_EXTRA', 'WORDPRESS_DB_HOST', 'WORDPRESS_DB_NAME', 'WORDPRESS_DB_PASSWORD', 'WORDPRESS_DB_USER',
    'WORDPRESS_LOGGED_IN_KEY', 'WORDPRESS_LOGGED_IN_SALT', 'WORDPRESS_NONCE_KEY', 'WORDPRESS_NONCE_SALT', 'WORDPRESS_SECURE_AUTH_KEY', 'WORDPRESS_SECURE_AUTH_SALT',
  ],
  date: '2026-11-28',
};
const WORDPRESS_FPM = 'https://github.com/docker-library/wordpress/blob/1174fc3095d757baa3149ecdf82d217a547aa926/latest/php8.4';
const FPM = [{ name: 'fastcgi', number: 9000, scheme: 'fastcgi' }];

/** Web servers and applications on them. */
export const WEB_SERVERS: ImageFacts[] = [
  {
    name: 'nginx',
    uid: 101,
    gid: 101,
    anyUid: true,
    ports: [{ name: 'http', number: 80 }],
    writablePaths: ['/run', '/tmp', '/var/cache/nginx'],
    source: 'https://github.com/nginx/docker-nginx/blob/120635b2e7338f1bfd45bed7d7692538d7338196/stable/debian/Dockerfile',
    date: '2026-11-28',
  },
  {
    name: 'nginxinc/nginx-unprivileged',
    uid: 101,
    gid: 101,
    anyUid: true,
    ports: [{ name: 'http', number: 8080 }],
    writablePaths: ['/tmp'],
    source: 'https://github.com/nginx/docker-nginx/blob/58279a3ea9b5aa19a32b2c9c8b87f4d1f1aa6332/unprivileged/stable/debian/Dockerfile',
    date: '2026-11-28',
  },
  {
    name: 'haproxy',
    uid: 99,
    gid: 99,
    anyUid: true,
    source: 'https://github.com/docker-library/haproxy/blob/04b2168ff76f90727c02f01cb719f655e768f6fd/3.2/Dockerfile',
    date: '2026-11-28',
  },
  {
    ...WORDPRESS,
    uid: 33,
    gid: 33,
    ports: [{ name: 'http', number: 80 }],
    health: HealthCheck.http(80, '/wp-login.php', { startPeriod: Duration.minutes(5), timeout: Duration.seconds(10) }),
    writablePaths: ['/tmp', '/var/lock/apache2', '/var/run/apache2'],
    source: 'https://github.com/docker-library/wordpress/blob/02978173380ee6363a41d093038867f97138d431/latest/php8.4/apache/Dockerfile',
  },
  { ...WORDPRESS, flavour: 'fpm', uid: 33, gid: 33, ports: FPM, writablePaths: ['/tmp'], source: `${WORDPRESS_FPM}/fpm/Dockerfile` },
  { ...WORDPRESS, flavour: 'fpm-alpine', uid: 82, gid: 82, ports: FPM, writablePaths: ['/tmp'], source: `${WORDPRESS_FPM}/fpm-alpine/Dockerfile` },
  {
    name: 'wordpress',
    flavour: 'cli',
    uid: 82,
    gid: 82,
    anyUid: true, // it works on what another image keeps
    writablePaths: ['/tmp'],
    source: 'https://github.com/docker-library/wordpress/blob/0d0f9ea70c647c6512ca5227362ad0264d80e941/cli/php8.4/alpine/Dockerfile',
    date: '2026-11-28',
  },
  {
    name: 'ghost',
    uid: 1000,
    gid: 1000,
    ports: [{ name: 'http', number: 2368 }],
    writablePaths: ['/tmp'],
    dataPaths: ['/var/lib/ghost/content'],
    memory: Size.mebibytes(512),
    source: 'https://github.com/docker-library/ghost/blob/032e9e01630bef1d18f26b51e50f9dac51a603e9/6/bookworm/Dockerfile',
    date: '2026-11-28',
  },
];
