import { HARDENING, isKept, lowerMemory, lowerResources, orNone } from './container';
import { shortName } from './names';
import { SETUP_NETWORK } from './networks';
import type { StackOptions } from './options';
import type { StackDeployment, StackMount, StackService } from './stack-file';
import type { Container } from '../../model/container';
import type { CatalogueImage } from '../../model/images';
import { Volume, VolumePlacement } from '../../model/volume';
import { byText } from '../../private/names';
import { program } from '../../private/program';
import { escape, TOOLS_PATH } from '../health';
import { SETUP } from '../programs.generated';

/** What goes on without doing anything, so that the service counts as running. */
const STAY = 'exec sleep infinity\n';

/** Service that brings the static busybox to each node, and the volume that it is in. */
export const TOOLS = 'conduit-tools';

/** What prepares storage gets of the machine. */
const RESOURCES = { cpuRequest: 0.01, cpuLimit: 1, memoryRequest: 8, memoryLimit: 64, diskLimit: 32 };

/** Starts again after a moment what failed, as somebody may be about to bring what it needs. */
export const RESTART_DELAY = '5s';

/** Volumes of a stack, where they are, and what prepares them. */
export class Storage {
  private readonly named = new Map<string, Volume>();
  private usesTools = false;

  public constructor(private readonly options: StackOptions) {}

  /** Mounts of a container; the volumes are added to the stack. */
  public mountsOf(container: Container, ordinal: number | undefined, withTools: boolean): StackMount[] {
    const mounts = container.mounts.map(({ volume, path, readOnly }): StackMount => {
      if (!isKept(volume)) return lowerMemory(path, volume.size.toMebibytes(), readOnly);
      // the image's own files at this path stay out of the volume
      return { type: 'volume', source: this.add(volume, ordinal), target: path, read_only: readOnly || undefined, volume: { nocopy: true } };
    });
    const memory = container.writablePaths.map(path => lowerMemory(path, container.resources.diskLimit));
    this.usesTools ||= withTools;
    const tools: StackMount[] = withTools ? [{ type: 'volume', source: TOOLS, target: TOOLS_PATH, read_only: true, volume: { nocopy: true } }] : [];
    return [...mounts, ...memory, ...tools];
  }

  /** Keeps containers where the volumes are that they mount. */
  public placementOf(containers: Container[], ordinal: number | undefined): StackDeployment['placement'] {
    const names = containers.flatMap(({ mounts }) => mounts.filter(({ volume }) => isKept(volume)).map(({ volume }) => nameOf(volume, ordinal)));
    return this.placementOn(names);
  }

  /** Labels that a node must have on which there is a volume. */
  public get nodeLabels(): string[] {
    return this.options.storageNode === undefined ? this.names.map(name => this.labelOf(name)) : [];
  }

  /** Top-level entries; undefined if there is none. */
  public get entries(): Record<string, object> | undefined {
    return orNone([...this.names, ...this.usesTools ? [TOOLS] : []].sort(byText).map((name): [string, object] => [name, {}]));
  }

  /** Services that prepare what others mount. */
  public lowerSetup(image: CatalogueImage): [string, StackService][] {
    const jobs = this.names.map((name): [string, StackService] => [shortName(this.options.stackName, `conduit-setup_${name}`), this.lowerOwning(image, name)]);
    return this.usesTools ? [...jobs, [TOOLS, this.lowerTools(image)]] : jobs;
  }

  private get names(): string[] {
    return [...this.named.keys()].sort(byText);
  }

  private add(volume: Volume, ordinal: number | undefined): string {
    const name = nameOf(volume, ordinal);
    this.named.set(name, volume);
    return name;
  }

  private labelOf(name: string): string {
    return `conduit.${this.options.stackName}.${name}`;
  }

  private placementOn(names: string[]): StackDeployment['placement'] {
    const { storageNode } = this.options;
    if (names.length === 0) return undefined;
    if (storageNode !== undefined) return { constraints: [`node.hostname == ${storageNode}`] };
    return { constraints: [...new Set(names)].sort(byText).map(name => `node.labels.${this.labelOf(name)} == true`) };
  }

  /** Gives a volume to its owner, once. It is a job of root without privileges but that one. */
  private lowerOwning(image: CatalogueImage, name: string): StackService {
    const words = this.named.get(name)!.directories.flatMap(({ path, owner }) => [`${owner}`, name, path]);
    return {
      ...lowerTool(image, program({ TOOLS: TOOLS_PATH, GROUP: Volume.GID }, SETUP), words),
      user: '0:0',
      cap_add: ['CHOWN'],
      volumes: [{ type: 'volume', source: name, target: `/volumes/${name}`, volume: { nocopy: true } }],
      deploy: {
        mode: 'replicated-job', restart_policy: { condition: 'on-failure', delay: RESTART_DELAY }, placement: this.placementOn([name]), resources: lowerResources(RESOURCES),
      },
    };
  }

  private lowerTools(image: CatalogueImage): StackService {
    return {
      ...lowerTool(image, program({ TOOLS: TOOLS_PATH, GROUP: Volume.GID }, SETUP, STAY), []),
      user: '0:0',
      volumes: [{ type: 'volume', source: TOOLS, target: TOOLS_PATH, volume: { nocopy: true } }],
      deploy: { mode: 'global', restart_policy: { condition: 'any', delay: RESTART_DELAY }, resources: lowerResources(RESOURCES) },
    };
  }
}

function lowerTool(image: CatalogueImage, text: string, words: string[]) {
  return { image: image.reference, entrypoint: ['sh', '-c', escape(text), 'setup', ...words], ...HARDENING, networks: { [SETUP_NETWORK]: null } };
}

/** Members have volumes of their own. */
function nameOf(volume: Volume, ordinal = 0): string {
  return volume.placement === VolumePlacement.PER_MEMBER ? `${volume.name}_${ordinal}` : volume.name;
}
