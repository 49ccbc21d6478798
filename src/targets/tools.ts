import { Protocol } from '../model/endpoint';
import { CatalogueImage, ImageCatalogue } from '../model/images';
import type { RelayProgram } from '../private/relay';
import { TCP_RELAY } from '../private/tcp-relay';
import { UDP_RELAY } from '../private/udp-relay';

/** The image of what targets add. Its musl build is one static file, so that it runs when it is mounted into an image with nothing in it. */
export const TOOLS_IMAGE: CatalogueImage = {
  name: ImageCatalogue.TOOLS,
  reference: 'busybox:1.37.0-musl',
  uid: 65534,
  gid: 65534,
  tools: ['busybox', 'cat', 'chmod', 'chown', 'cp', 'mkdir', 'mv', 'nc', 'sh', 'sleep', 'ssl_client', 'stat'],
};

/** What lets only some sources in to ports of a protocol. */
export interface Relay {
  readonly program: RelayProgram;
  readonly image: CatalogueImage;
}

/** The relays that targets add. */
export const RELAYS: Record<Protocol, Relay> = {
  [Protocol.TCP]: toRelay(ImageCatalogue.TCP_RELAY, TCP_RELAY),
  [Protocol.UDP]: toRelay(ImageCatalogue.UDP_RELAY, UDP_RELAY),
};

function toRelay(name: string, program: RelayProgram): Relay {
  return { program, image: { name, ...program.image, tools: [program.command('')[0]] } };
}
