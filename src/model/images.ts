import { findImageProblem } from '../private/image-names';
import { byText } from '../private/names';

/** An image that the library itself brings, and what is known of it. */
export interface CatalogueImage {
  /** Name and tag, as a container takes it. */
  readonly reference: string;
  /** Numeric user that the image's program runs as. */
  readonly user: number;
  /** Numeric group that the image's program runs as. */
  readonly group: number;
  /** Programs inside that generated commands may call. */
  readonly tools: string[];
  /** Ports that the image's program listens on. */
  readonly ports: number[];
}

/** Where the images that the library brings come from. */
export interface ImageCatalogueProps {
  /**
   * Put before each image's name, with a slash: `mirror.example/proxy` makes `mirror.example/proxy/busybox:…`.
   * @default - none, images come from where their names say
   */
  readonly mirror?: string;
  /**
   * Other references for single images, by the catalogue's name (`busybox`, `rabbitmq`, …).
   * They must hold the same tools and run as the same user; the mirror is not put before them.
   * @default - none
   */
  readonly replace?: Record<string, string>;
}

const CATALOGUE: Record<string, CatalogueImage> = {
  // The musl build is one static file, so that it runs when it is mounted into an image with nothing in it.
  'busybox': {
    reference: 'busybox:1.37.0-musl',
    user: 65534,
    group: 65534,
    tools: ['sh', 'busybox', 'cp', 'chmod', 'chown', 'mkdir', 'mv', 'nc', 'sleep', 'stat', 'wget'],
    ports: [],
  },
  'kafka': {
    reference: 'apache/kafka:4.3.1',
    user: 1000,
    group: 1000,
    tools: ['bash', 'cat', 'grep', 'rm', 'sed', 'sha256sum', 'sleep', 'touch', 'wc',
      ...['acls', 'configs', 'consumer-groups', 'server-start', 'storage', 'topics'].map(name => `/opt/kafka/bin/kafka-${name}.sh`)],
    ports: [9092],
  },
  'nats': {
    reference: 'nats:2.14.5-alpine',
    user: 65534,
    group: 65534,
    tools: ['sh', 'cat', 'grep', 'hostname', 'nats-server', 'rm', 'sed', 'sort', 'touch', 'tr', 'wget'],
    ports: [4222, 6222],
  },
  'nats-box': {
    reference: 'natsio/nats-box:0.19.7',
    user: 65534,
    group: 65534,
    tools: ['sh', 'cat', 'date', 'env', 'nats', 'sed', 'sleep'],
    ports: [],
  },
  'rabbitmq': {
    reference: 'rabbitmq:4.3.5',
    user: 999,
    group: 999,
    tools: ['sh', 'bash', 'cat', 'dirname', 'erl', 'escript', 'head', 'readlink', 'rm', 'sed', 'tr', 'docker-entrypoint.sh', 'rabbitmq-server'],
    ports: [5672],
  },
};

/** The images that the library itself brings: the one place that names them. */
export class ImageCatalogue {
  private readonly mirror?: string;
  private readonly replace: Record<string, string>;

  /** @throws if a value is malformed, or `replace` names an image that the catalogue does not have. */
  public constructor(props: ImageCatalogueProps = {}) {
    this.mirror = props.mirror;
    this.replace = { ...props.replace };
    for (const [name, reference] of Object.entries(this.replace)) {
      if (!this.names.includes(name)) throw new Error(`image catalogue: '${name}' is not in it; it has ${this.names.join(', ')}`);
      const problem = findImageProblem(reference);
      if (problem) throw new Error(`image catalogue: what replaces '${name}' ${problem}`);
    }
    if (this.mirror !== undefined && !/^[a-z0-9](?!.*\/\/)([a-z0-9.:/_-]*[a-z0-9])?$/.test(this.mirror)) {
      throw new Error(`image catalogue: 'mirror' must be the beginning of an image's name, without scheme or final slash, got '${this.mirror}'`);
    }
  }

  /** Names of all images in the catalogue. */
  public get names(): string[] {
    return Object.keys(CATALOGUE).sort(byText);
  }

  /**
   * The image of that name.
   * @throws if the catalogue has none.
   */
  public find(name: string): CatalogueImage {
    const image = CATALOGUE[name];
    if (!this.names.includes(name)) throw new Error(`image catalogue: '${name}' is not in it; it has ${this.names.join(', ')}`);
    const mirrored = this.mirror === undefined ? image.reference : `${this.mirror}/${image.reference}`;
    return { ...image, reference: this.replace[name] ?? mirrored };
  }
}
