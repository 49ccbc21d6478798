import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'fs';
import { join, relative, sep } from 'path';
import { createFiles, isThere, readOwnFile, replaceFile } from './files';

/** Keeps the directory out of Git, and says that it is of the library. */
const IGNORE = '.gitignore';
const EVERYTHING = '*\n';

/** Every user of a container, where only the file is mounted; on the host nobody but the owner can enter the directory. */
const READABLE = 0o444;

/** A directory with the values of secrets, and nothing else. */
export class SecretDirectory {
  /**
   * Opens a directory, or makes it: one that only its owner can enter.
   * @param names of the secrets that may be in it
   * @param places below one of which it must be
   * @throws if it is elsewhere, or somebody else's.
   */
  public static open(path: string, names: string[], places: string[]): SecretDirectory {
    const place = places.find(each => isBelow(each, path));
    if (place === undefined) {
      throw new Error(`the secrets' directory '${path}' is neither below the project nor below the working directory; run this in a directory that both are below`);
    }
    refuseLinks(place, path);
    const entries = isThere(path) ? readdirSync(path) : [];
    const isOurs = isThere(join(path, IGNORE)) && readFileSync(join(path, IGNORE), 'utf8') === EVERYTHING;
    const others = entries.filter(entry => !names.includes(entry) && !entry.endsWith('.new'));
    if (!isOurs && others.length > 0) {
      throw new Error(`'${path}' is for secrets alone, and holds ${others.map(other => `'${other}'`).join(', ')}; give the project another 'secretsDirectory'`);
    }
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o700);
    if (!isOurs) replaceFile(join(path, IGNORE), EVERYTHING, 0o644);
    return new SecretDirectory(path);
  }

  private constructor(private readonly path: string) {}

  /** Where the value of a secret is. */
  public fileOf(name: string): string {
    return join(this.path, name);
  }

  public has(name: string): boolean {
    return isThere(this.fileOf(name));
  }

  /** The value of a secret, which containers can read from now on, whoever wrote it. */
  public read(name: string): string {
    return readOwnFile(this.fileOf(name), READABLE);
  }

  /** Puts a file into place that only the owner of the directory reads, who brings it elsewhere. */
  public writeForOwner(name: string, text: string): void {
    replaceFile(this.fileOf(name), text, 0o600);
  }

  /** Keeps values that belong together; false if another program did so in the meantime. */
  public create(values: Record<string, string>): boolean {
    return createFiles(Object.entries(values).map(([name, value]) => [this.fileOf(name), value]), READABLE);
  }
}

function isBelow(place: string, path: string): boolean {
  const way = relative(place, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
}

/** A link on the way would lead elsewhere. */
function refuseLinks(place: string, path: string): void {
  let at = place;
  for (const step of relative(place, path).split(sep)) {
    at = join(at, step);
    if (isThere(at) && !lstatSync(at).isDirectory()) throw new Error(`'${at}' must be a directory, and no link to one; remove it, or give the project another 'secretsDirectory'`);
  }
}
