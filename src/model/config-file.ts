import type { Construct } from 'constructs';
import { Application } from './application';
import type { ILowering } from './lowering';
import { Primitive, PrimitiveProps } from './primitive';
import { Warnings } from './warnings';
import { checkCall } from '../private/check-call';
import { findSecret } from '../private/looks-secret';
import { findUnwritable, isAbsolutePath, PATH_RULE } from '../private/names';
import { placeOf } from '../private/place';
import { Problems } from '../private/problems';
import { describe } from '../private/type-words';

/** The few values that only a target knows, for programs that resolve names by themselves. */
export interface PlatformValues {
  /** Address of the DNS server that containers ask. */
  readonly dnsResolver: string;
  /** What follows a workload's name in its full DNS name, with the leading dot; empty where names have no suffix. */
  readonly dnsSuffix: string;
}

/** Writes a text from everything that was declared, once all of it is known. */
export interface ITextSource {
  /** The text; the same with every call. */
  toText(): string;
}

/** Options of a config file. */
export interface ConfigFileProps extends PrimitiveProps {
  /** Absolute path of the file in every container that it is mounted into. */
  readonly path: string;
  /**
   * Text of the file; may contain `ConfigFile.DNS_RESOLVER` and `ConfigFile.DNS_SUFFIX`.
   * @default - written by `source`
   */
  readonly content?: string;
  /**
   * Writes the text when the application is complete.
   * @default - none, the text is `content`
   */
  readonly source?: ITextSource;
}

/** More would be hundreds of objects on a target that splits texts. */
const MOST_BYTES = 10_000_000;

const PLACEHOLDERS: Record<string, keyof PlatformValues> = {
  '@{conduit.dnsResolver}': 'dnsResolver',
  '@{conduit.dnsSuffix}': 'dnsSuffix',
};

/** A text file at the same path on every target. A change of its content restarts the workloads that mount it. */
export class ConfigFile extends Primitive {
  /** Stands in the content for the address of the target's DNS server. */
  public static readonly DNS_RESOLVER = '@{conduit.dnsResolver}';
  /** Stands in the content for what follows a workload's name in its full DNS name. */
  public static readonly DNS_SUFFIX = '@{conduit.dnsSuffix}';

  /** Absolute path of the file in the container. */
  public readonly path: string;

  private readonly source: ITextSource;

  /** The path is absolute, and there is exactly one of `content` and `source`. */
  public constructor(scope: Construct, id: string, props: ConfigFileProps) {
    checkCall(new.target, 'ConfigFile', arguments);
    super(scope, id, props, 253);
    this.path = props.path;
    const { content, source } = props;
    const problems = new Problems(this.node.path);
    problems.check(isAbsolutePath(this.path), `'path' must be ${PATH_RULE}, got '${this.path}'`);
    problems.check((content === undefined) !== (source === undefined), `give either 'content' or 'source', got ${content === undefined ? 'neither' : 'both'}`);
    Application._keep(this, problems);
    this.source = source ?? { toText: () => content ?? '' };
    this.node.addValidation({ validate: () => this.findProblems() });
    this.application._register(this);
  }

  /**
   * Text of the file, with placeholders.
   * @throws if what writes the text fails.
   */
  public get content(): string {
    const { text, problem, cause } = this.read();
    if (problem !== undefined) throw new Error(`${placeOf(this.node.path)}: ${problem}`, { cause });
    return text;
  }

  /** Values of the target that the content asks for. */
  public get placeholders(): string[] {
    const text = this.content;
    return Object.keys(PLACEHOLDERS).filter(placeholder => text.includes(placeholder)).map(placeholder => PLACEHOLDERS[placeholder]);
  }

  /** The content with a target's values in place of the placeholders. */
  public render(values: PlatformValues): string {
    checkCall(this, 'ConfigFile.render', arguments);
    return Object.entries(PLACEHOLDERS).reduce((text, [placeholder, name]) => text.replaceAll(placeholder, values[name]), this.content);
  }

  public lowerTo(lowering: ILowering): void {
    checkCall(this, 'ConfigFile.lowerTo', arguments);
    lowering.lowerConfigFile(this);
  }

  /** @internal */
  public _claimedNames(): string[] {
    return [`file ${this.name}`];
  }

  private read(): { readonly text: string; readonly problem?: string; readonly cause?: unknown } {
    try {
      const text: unknown = this.source.toText();
      return typeof text === 'string' ? { text } : { text: '', problem: `'toText' of 'source' must return a text, got ${describe('source', text)}` };
    } catch (cause) {
      return { text: '', problem: `'toText' of 'source' failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause };
    }
  }

  private findProblems(): string[] {
    const { text, problem } = this.read();
    if (problem !== undefined) return [problem];
    const unknown = (text.match(/@\{conduit\.[^}]*\}/g) ?? []).filter(placeholder => !PLACEHOLDERS[placeholder]);
    const size = Buffer.byteLength(text);
    const unwritable = findUnwritable(text);
    const secret = findSecret(this.path, text);
    if (secret !== undefined) {
      Warnings.of(this).add('secret-in-config-file',
        `holds what looks like ${secret}, and whoever may see the configuration reads it; mount a Secret into the program and name its path, or fill it in when the program starts`);
    }
    return [
      ...(unwritable === undefined ? [] : [`the text has ${unwritable}; leave that out, or write it otherwise`]),
      ...unknown.map(placeholder => `unknown placeholder ${placeholder}; there are ${Object.keys(PLACEHOLDERS).join(' and ')}`),
      ...(size > MOST_BYTES ? [`a config file holds at most ${MOST_BYTES} bytes, got ${size}; put a part of it into a config file of its own, or all of it into the image`] : []),
    ];
  }
}
