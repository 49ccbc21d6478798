import type { ContainerProps } from '../model/container-props';
import type { Volume } from '../model/volume';
import type { WorkloadBase } from '../model/workload-base';
import { checkCall } from '../private/check-call';
import { isAbsolutePath, PATH_RULE } from '../private/names';

/** Content that is put into a volume before its readers start. */
export class Seed {
  /**
   * A directory of an image. The image must contain `cp`.
   * @param image image with tag or digest
   * @param directory absolute path of the directory whose content is copied
   */
  public static fromImage(image: string, directory: string): Seed {
    checkCall(this, 'Seed.fromImage', arguments);
    if (!isAbsolutePath(directory)) throw new Error(`seed from ${image}: the directory must be ${PATH_RULE}, got '${directory}'`);
    return new Seed({ image, command: ['cp', '-R', `${directory}/.`, '/seed'] }, '/seed');
  }

  /**
   * What a program writes that then ends.
   * @param builder the program
   * @param path absolute path to which the program writes
   */
  public static fromBuilder(builder: ContainerProps, path: string): Seed {
    checkCall(this, 'Seed.fromBuilder', arguments);
    return new Seed(builder, path);
  }

  private constructor(private readonly builder: ContainerProps, private readonly path: string) {}

  /**
   * Runs the builder before the workload's containers.
   * @internal
   */
  public _addTo(workload: WorkloadBase, volume: Volume, name: string): void {
    workload.addInitContainer(name, this.builder).mountVolume(volume, this.path);
  }
}
