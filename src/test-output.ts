import { loadAll } from 'js-yaml';
import type { Application } from './model/application';
import { checkCall } from './private/check-call';
import type { FidelityEntry } from './targets/fidelity';
import type { ITarget, TargetOutput } from './targets/target';
import { Targets } from './targets/targets';

/** What a target makes of an application, parsed: for unit tests of programs and of patterns. */
export class TestOutput {
  /**
   * What one target makes of an application, such as `KubernetesChart.target()` or one of your own.
   * @throws if the application has problems, or asks for what the target refuses.
   */
  public static of(application: Application, target: ITarget): TestOutput {
    checkCall(this, 'TestOutput.of', arguments);
    return new TestOutput(target.name, target.render(application));
  }

  /**
   * What each target of the library makes of an application, with the options that it has by default. One that does not take everything
   * is left out where it refuses the application.
   * @throws if the application has problems, or asks for what one of the others refuses.
   */
  public static all(application: Application): TestOutput[] {
    checkCall(this, 'TestOutput.all', arguments);
    return Targets.all.flatMap(target => target.complete ?? true ? TestOutput.of(application, target) : TestOutput.unlessRefused(application, target));
  }

  private static unlessRefused(application: Application, target: ITarget): TestOutput[] {
    application.check(); // a problem is no refusal
    try {
      return [TestOutput.of(application, target)];
    } catch {
      return [];
    }
  }

  /** Name of the target. */
  public readonly target: string;

  private readonly output: TargetOutput;

  private constructor(target: string, output: TargetOutput) {
    this.target = target;
    this.output = output;
  }

  /** Texts of all files, by their paths below the directory that cdk8s writes to. */
  public get files(): Record<string, string> {
    return { ...this.output.files };
  }

  /** How truly each construct is done. */
  public get fidelity(): FidelityEntry[] {
    return [...this.output.fidelity];
  }

  /** What stands in the files with the endings `.yaml`, `.yml` and `.json`, in the order in which it is written. */
  public get documents(): any[] {
    const texts = Object.entries(this.output.files).filter(([path]) => /\.(ya?ml|json)$/.test(path)).map(([, text]) => text);
    return texts.flatMap(text => loadAll(text)).filter(document => document !== undefined && document !== null);
  }

  /**
   * The only document, such as a Compose file.
   * @throws if there is none, or there are several.
   */
  public get document(): any {
    const { documents } = this;
    if (documents.length !== 1) throw new Error(`${this.target}: 'document' is for output of one document, got ${documents.length}; use 'documents'`);
    return documents[0];
  }
}
