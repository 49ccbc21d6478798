import { CatalogueImage, ImageCatalogue } from '../model/images';

/** The image of what targets add. Its musl build is one static file, so that it runs when it is mounted into an image with nothing in it. */
export const TOOLS_IMAGE: CatalogueImage = {
  name: ImageCatalogue.TOOLS,
  reference: 'busybox:1.37.0-musl',
  user: 65534,
  group: 65534,
  tools: ['busybox', 'cat', 'chmod', 'chown', 'cp', 'mkdir', 'mv', 'nc', 'sh', 'sleep', 'stat'],
};
