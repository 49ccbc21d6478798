import type { k8s } from 'cdk8s-plus-27';
import { CONFIG_KEY } from './config-maps';
import type { PodContext } from './controller';
import type { Manifest, Plain } from './plain';
import { jsonSize } from './sizes';
import type { ConfigFile } from '../../model/config-file';
import type { Container } from '../../model/container';
import { Volume, VolumeMount, VolumePlacement } from '../../model/volume';
import { withinLimit } from '../../private/hash';

/** A text that comes in parts, and is put together before anything else starts. */
interface JoinedFile {
  /** Volume with the parts, in the order of their names. */
  readonly parts: string;
  /** Volume with the whole. */
  readonly whole: string;
}

/** The volumes of one pod. Each is listed once, however many containers mount it. */
export class PodVolumes {
  private readonly volumes = new Map<string, Plain<k8s.Volume>>();
  private readonly files = new Map<ConfigFile, JoinedFile>();
  private readonly _mounts: VolumeMount[] = [];

  public constructor(private readonly configMapsOf: PodContext['configMapsOf']) {}

  /** Mounts of a container; what they need is added to the pod. */
  public mountsOf(container: Container): Plain<k8s.VolumeMount>[] {
    return [
      ...this.configMounts(container),
      ...this.secretMounts(container),
      ...this.volumeMounts(container),
      ...this.writableMounts(container),
    ];
  }

  /** An empty directory of the pod; returns its name. */
  public addScratch(name: string, sizeLimit: string): string {
    this.volumes.set(name, { name, emptyDir: { sizeLimit } });
    return name;
  }

  /** Files that have to be put together. */
  public get joined(): JoinedFile[] {
    return [...this.files.values()];
  }

  /** All mounts of volumes that are not the library's own. */
  public get mounts(): VolumeMount[] {
    return [...this._mounts];
  }

  /** All volumes; undefined if there is none. */
  public get list(): Plain<k8s.Volume>[] | undefined {
    return this.volumes.size > 0 ? [...this.volumes.values()] : undefined;
  }

  /** A single file is mounted by subPath: that hides nothing beside it. */
  private configMounts(container: Container): Plain<k8s.VolumeMount>[] {
    return container.configFiles.map(file => {
      const name = withinLimit(`config-${file.name}`);
      const maps = this.configMapsOf(file);
      if (maps.length > 1) return { name: this.join(file, name, maps), mountPath: file.path, subPath: CONFIG_KEY, readOnly: true };
      this.volumes.set(name, { name, configMap: { name: maps[0].metadata.name } });
      return { name, mountPath: file.path, subPath: CONFIG_KEY, readOnly: true };
    });
  }

  /** A pod cannot join ConfigMaps by itself; returns the volume with the whole. */
  private join(file: ConfigFile, parts: string, maps: Manifest[]): string {
    const whole = withinLimit(`joined-${file.name}`);
    const sources = maps.map(({ metadata: { name } }, index) => ({ configMap: { name, items: [{ key: CONFIG_KEY, path: `${index}`.padStart(4, '0') }] } }));
    this.volumes.set(parts, { name: parts, projected: { sources } });
    this.files.set(file, { parts, whole });
    return this.addScratch(whole, `${Math.ceil(jsonSize(maps) / 2 ** 20)}Mi`);
  }

  private secretMounts(container: Container): Plain<k8s.VolumeMount>[] {
    if (container.secrets.length === 0) return [];
    const name = `secrets-${container.name}`;
    const sources = container.secrets.map(secret => ({ secret: { name: secret.bundle, items: [{ key: secret.key, path: secret.name }] } }));
    this.volumes.set(name, { name, projected: { sources } });
    return [{ name, mountPath: '/run/secrets', readOnly: true }];
  }

  private volumeMounts(container: Container): Plain<k8s.VolumeMount>[] {
    this._mounts.push(...container.mounts);
    return container.mounts.map(({ volume, path, readOnly, subdirectory }) => {
      const name = podVolumeName(volume);
      if (volume.placement === VolumePlacement.SCRATCH) this.addScratch(name, `${volume.size.toMebibytes()}Mi`);
      else if (volume.placement !== VolumePlacement.PER_MEMBER) this.volumes.set(name, { name, persistentVolumeClaim: { claimName: volume.name } });
      return { name, mountPath: path, subPath: pathIn(subdirectory), readOnly: readOnly || undefined };
    });
  }

  private writableMounts(container: Container): Plain<k8s.VolumeMount>[] {
    return container.writablePaths.map((mountPath, index) => ({
      name: this.addScratch(`writable-${container.name}-${index}`, `${container.resources.diskLimit}Mi`), mountPath,
    }));
  }
}

/** Where a directory is in the storage: the storage's own root belongs to nobody who writes there, and may hold what file systems leave there. */
export function pathIn(directory = ''): string {
  return directory === '' ? 'data' : `data/${directory}`;
}

/** Name of a volume within a pod. */
export function podVolumeName(volume: Volume): string {
  return withinLimit(`volume-${volume.name}`);
}
