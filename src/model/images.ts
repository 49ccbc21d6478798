import { findFacts, FoundFacts, ImageFacts } from './image-facts';
import { checkCall } from '../private/check-call';
import { findImageProblem, parseImage } from '../private/image-names';
import { byText, isAbsolutePath, PATH_RULE } from '../private/names';
import { Problems } from '../private/problems';

/** An image that a construct or a target brings for a program of its own, and what is known of it. */
export interface CatalogueImage {
  /** Short name, by which applications replace the image, such as `rabbitmq`. */
  readonly name: string;
  /** Name and tag, as a container takes it. */
  readonly reference: string;
  /** Id of the Linux user that the image's program runs as. */
  readonly uid: number;
  /** Id of the Linux group that the image's program runs as. */
  readonly gid: number;
  /** Programs inside that generated commands call; what replaces the image must hold them, too. */
  readonly tools: string[];
}

/** Where the images come from that are not the program's own. */
export interface ImageCatalogueProps {
  /**
   * Put before each image's name, with a slash: `mirror.example/proxy` makes `mirror.example/proxy/rabbitmq:…`.
   * @default - none, images come from where their names say
   */
  readonly mirror?: string;
  /**
   * Other references for single images, by the names under which they are brought: `rabbitmq`, for instance, or `tools` for one that targets add.
   * They must hold the same tools and run as the same user; the mirror is not put before them.
   * @default - none
   */
  readonly replace?: Record<string, string>;
}

/** The images that an application's constructs and targets bring, and where they come from. */
export class ImageCatalogue {
  /** Name of the image that targets add for what they do beside the programs. */
  public static readonly TOOLS = 'tools';
  /** Name of the image that targets add where only some sources may come to a TCP port, and nothing else holds them. */
  public static readonly TCP_RELAY = 'tcp-relay';
  /** The same for UDP. */
  public static readonly UDP_RELAY = 'udp-relay';

  /**
   * The images of an application, which keeps what is wrong with them.
   * @internal
   */
  public static _of(keep: (problems: Problems) => boolean, props: ImageCatalogueProps = {}): ImageCatalogue {
    const catalogue = new ImageCatalogue();
    catalogue.keep = keep;
    catalogue.take(props);
    return catalogue;
  }

  /** @internal */
  public static _knowEverywhere(facts: ImageFacts[]): void {
    ImageCatalogue.common.push(...facts);
  }

  /** Names of all images that targets add. */
  private static readonly OF_TARGETS = [ImageCatalogue.TOOLS, ImageCatalogue.TCP_RELAY, ImageCatalogue.UDP_RELAY];

  /** Facts of images that anybody may use, which bring themselves in when they are loaded. */
  private static readonly common: ImageFacts[] = [];

  private mirror?: string;
  private readonly own: ImageFacts[] = [];
  private readonly asked = new Set<string>();
  private replace: Record<string, string> = {};
  private keep = throwAll;
  private readonly images = new Map<string, CatalogueImage>();

  /** @throws if a value is malformed. */
  public constructor(props: ImageCatalogueProps = {}) {
    checkCall(new.target, 'ImageCatalogue', arguments);
    this.take(props);
  }

  /** The images that constructs brought, as they are run, sorted by name. */
  public get registered(): CatalogueImage[] {
    return [...this.images.values()].map(image => this.resolve(image)).sort((a, b) => byText(a.name, b.name));
  }

  /**
   * Notes an image that a construct brings, and returns it as it is to be run. The reference must be well-formed, and no other image have the name.
   */
  public register(image: CatalogueImage): CatalogueImage {
    checkCall(this, 'ImageCatalogue.register', arguments);
    const { name, reference } = image;
    const problems = new Problems(PATH);
    const problem = findImageProblem(reference);
    problems.check(problem === undefined, `the reference of '${name}' ${problem}`);
    const taken = ImageCatalogue.OF_TARGETS.includes(name) ? 'what targets add' : this.images.get(name)?.reference ?? reference;
    problems.check(taken === reference, `'${name}' is the name of ${taken}; give ${reference} another one`);
    if (!this.keep(problems)) this.images.set(name, image);
    return this.resolve(image);
  }

  /**
   * Tells how an image is run, so that no container of it has to say so. Facts of yours come before those that the library knows of the same name.
   * It must come before the first container of the image, and once.
   */
  public describe(facts: ImageFacts): void {
    checkCall(this, 'ImageCatalogue.describe', arguments);
    const { name, uid, gid } = facts;
    const problems = new Problems(PATH);
    problems.check(parseImage(name).name === name && findImageProblem(`${name}:1`) === undefined, `facts must have the name of an image without tag, got '${name}'`);
    problems.check(Number.isInteger(uid) && uid >= 1, `'uid' of '${name}' must be a number other than 0, which is root, got ${uid}`);
    problems.check(Number.isInteger(gid) && gid >= 0, `'gid' of '${name}' must be a number, got ${gid}`);
    for (const path of [...facts.writablePaths ?? [], ...facts.dataPaths ?? []]) problems.check(isAbsolutePath(path), `paths of '${name}' must be ${PATH_RULE}, got '${path}'`);
    problems.check(/^\d{4}-\d{2}-\d{2}$/.test(facts.date), `the date of '${name}' must be a day such as 2026-11-28, got '${facts.date}'`);
    problems.check(!this.own.some(other => isSameKind(other, facts)), `there are facts of '${name}' for the same tags already; leave out one of them`);
    problems.check(!this.asked.has(name), `a container of '${name}' is there already; describe the image before it is used`);
    if (!this.keep(problems)) this.own.push(facts);
  }

  /**
   * What is known of an image, wherever it is taken from; undefined if that is nothing.
   * @param reference name and tag, as a container takes it
   */
  public factsOf(reference: string): ImageFacts | undefined {
    checkCall(this, 'ImageCatalogue.factsOf', arguments);
    return this._factsOf(reference).facts;
  }

  /** An image as it is to be run: what replaces it, or the image itself, behind the mirror if there is one. */
  public resolve(image: CatalogueImage): CatalogueImage {
    checkCall(this, 'ImageCatalogue.resolve', arguments);
    const mirrored = this.mirror === undefined ? image.reference : `${this.mirror}/${image.reference}`;
    return { ...image, reference: Object.hasOwn(this.replace, image.name) ? this.replace[image.name] : mirrored };
  }

  /** @internal */
  public _factsOf(reference: string): FoundFacts {
    const image = parseImage(reference, this.mirror);
    this.asked.add(image.name);
    const own = findFacts(this.own, image);
    return own.facts || own.problem !== undefined ? own : findFacts(ImageCatalogue.common, image);
  }

  /**
   * What is replaced and nobody brings.
   * @internal
   */
  public _findProblems(): string[] {
    const names = [...ImageCatalogue.OF_TARGETS, ...this.images.keys()].sort(byText);
    return Object.keys(this.replace).filter(name => !names.includes(name)).sort(byText)
      .map(name => `'images.replace' has '${name}', which nothing in the application brings; there are ${names.join(', ')}`);
  }

  private take({ mirror, replace }: ImageCatalogueProps): void {
    const problems = new Problems(PATH);
    for (const [name, reference] of Object.entries(replace ?? {})) {
      const problem = findImageProblem(reference);
      problems.check(problem === undefined, `what replaces '${name}' ${problem}`);
    }
    problems.check(mirror === undefined || /^[a-z0-9](?!.*\/\/)([a-z0-9.:/_-]*[a-z0-9])?$/.test(mirror),
      `'mirror' must be the beginning of an image's name, without scheme or final slash, got '${mirror}'`);
    if (this.keep(problems)) return;
    this.mirror = mirror;
    this.replace = { ...replace };
  }
}

/** Where no application keeps problems. */
function throwAll(problems: Problems): boolean {
  problems.throwIfAny();
  return false;
}

/** Where images stand, in messages. */
const PATH = 'image catalogue';

function isSameKind(one: ImageFacts, other: ImageFacts): boolean {
  return one.name === other.name && one.sinceVersion === other.sinceVersion && one.beforeVersion === other.beforeVersion && one.flavour === other.flavour;
}
