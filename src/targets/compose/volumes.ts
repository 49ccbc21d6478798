import { HARDENING, lowerResources } from './container';
import type { ComposeSpecification, Service, ServiceVolumes } from './specification.generated';
import type { Unit } from './units';
import type { Container } from '../../model/container';
import type { CatalogueImage } from '../../model/images';
import { Volume, VolumeMount, VolumePlacement } from '../../model/volume';
import { byText } from '../../private/names';
import { program } from '../../private/program';
import { escape, TOOLS_PATH } from '../health';
import { SETUP } from '../programs.generated';

/** Service that prepares what others mount. */
export const SETUP_SERVICE = 'conduit-setup';
/** Volume with the static busybox. */
const TOOLS_VOLUME = 'conduit-tools';

/** The named volumes of a project, and the service that prepares them. */
export class Volumes {
  private readonly named = new Map<string, Volume>();
  private usesTools = false;

  /** Mounts of a container within a unit; the volumes are added to the project. */
  public mountsOf(container: Container, unit: Unit, withTools: boolean): ServiceVolumes[] {
    const mounts = container.mounts.map(mount => this.lowerMount(mount, unit));
    return withTools ? [...mounts, this.mountTools()] : mounts;
  }

  /** Mount of the static busybox. */
  public mountTools(): ServiceVolumes {
    this.usesTools = true;
    return { type: 'volume', source: TOOLS_VOLUME, target: TOOLS_PATH, read_only: true };
  }

  /** Top-level entries; undefined if there is none. */
  public get entries(): ComposeSpecification['volumes'] {
    const entries: ComposeSpecification['volumes'] = Object.create(null);
    const names = [...this.named.keys(), ...(this.usesTools ? [TOOLS_VOLUME] : [])].sort(byText);
    for (const name of names) entries![name] = {};
    return names.length > 0 ? entries : undefined;
  }

  /** The service that prepares all volumes; undefined if there is nothing to prepare. */
  public lowerSetup(image: CatalogueImage): Service | undefined {
    if (!this.entries) return undefined;
    const volumes = [...this.named].sort(([a], [b]) => byText(a, b));
    const words = volumes.flatMap(([name, { directories }]) => directories.flatMap(({ path, owner }) => [`${owner}`, name, path]));
    const tools: ServiceVolumes[] = this.usesTools ? [{ type: 'volume', source: TOOLS_VOLUME, target: TOOLS_PATH }] : [];
    return {
      image: image.reference,
      // it never ends, as `up --wait` and `--abort-on-container-exit` take an end for a failure
      entrypoint: ['sleep', 'infinity'],
      // whoever depends on the service starts when this is done; for its end Compose would look only each half second
      post_start: [{ command: ['sh', '-c', escape(program({ TOOLS: TOOLS_PATH, GROUP: Volume.GID }, SETUP)), 'setup', ...words] }],
      user: '0:0',
      group_add: [String(Volume.GID)],
      ...HARDENING,
      cap_add: ['CHOWN'],
      network_mode: 'none',
      restart: 'unless-stopped',
      volumes: [...tools, ...volumes.map(([name]): ServiceVolumes => ({ type: 'volume', source: name, target: `/volumes/${name}` }))],
      ...lowerResources({ cpuRequest: 0.01, cpuLimit: 1, memoryRequest: 16, memoryLimit: 64, diskLimit: 32 }),
    };
  }

  private lowerMount(mount: VolumeMount, unit: Unit): ServiceVolumes {
    const name = volumeName(mount.volume, unit);
    this.named.set(name, mount.volume);
    return {
      type: 'volume',
      source: name,
      target: mount.path,
      read_only: mount.readOnly || undefined,
      // the image's own files at this path stay out of the volume
      volume: { nocopy: true, ...(mount.subdirectory === undefined ? {} : { subpath: mount.subdirectory }) },
    };
  }
}

/** Units have volumes of their own where replicas have. */
function volumeName(volume: Volume, unit: Unit): string {
  const own = volume.placement === VolumePlacement.PER_MEMBER || volume.placement === VolumePlacement.SCRATCH;
  return own ? `${volume.name}${unit.suffix}` : volume.name;
}
