const PART = '[a-z0-9]+(?:(?:[.]|_{1,2}|-+)[a-z0-9]+)*';
const HOST = '[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?';

/** @see https://pkg.go.dev/github.com/distribution/reference */
const IMAGE = new RegExp(`^(${HOST}/)?${PART}(/${PART})*(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$`);

/** What is wrong with the name of an image, if anything: it must mean the same tomorrow, on every target. */
export function findImageProblem(image: string): string | undefined {
  if (!IMAGE.test(image)) return `must be the name of an image in lower case, without a scheme, got '${image}'`;
  const tag = /:([\w][\w.-]{0,127})$/.exec(image.split('@')[0])?.[1];
  return image.includes('@') || (tag !== undefined && tag !== 'latest') ? undefined
    : `must have a tag other than latest, or a digest, so that it means the same tomorrow, got '${image}'`;
}

/** The name of an image with its registry, as some container runtimes ask for: left out, it is Docker Hub. */
export function withRegistry(image: string): string {
  const [first, ...rest] = image.split('/');
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === 'localhost' ? image : `docker.io/${image}`;
}

/** The parts of an image's name by which it is known. */
export interface ImageName {
  /** Without registry, if that is Docker Hub or a mirror. */
  readonly name: string;
  /** Empty if there is none. */
  readonly tag: string;
}

/** What an image is, wherever it is taken from. */
export function parseImage(reference: string, mirror?: string): ImageName {
  const [whole] = reference.split('@');
  const named = mirror !== undefined && whole.startsWith(`${mirror}/`) ? whole.slice(mirror.length + 1) : whole;
  const [, path, tag = ''] = /^(.*?)(?::([\w][\w.-]*))?$/s.exec(named)!;
  return { name: path.replace(/^((index|registry-1)\.)?docker\.io\//, '').replace(/^library\//, ''), tag };
}
