import { join } from 'node:path';

/** An image with nothing in it but a server on port 8080. */
export const BARE = { image: 'conduit-test/bare:1', buildContext: { directory: join(__dirname, 'bare') } };
