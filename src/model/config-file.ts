import type { Construct } from 'constructs';
import type { ILowering } from './lowering';
import { Primitive, PrimitiveProps } from './primitive';
import { Warnings } from './warnings';
import { checkCall } from '../private/check-call';
import { findSecret } from '../private/looks-secret';
import { findUnwritable, isAbsolutePath, PATH_RULE } from '../private/names';
import { placeOf } from '../private/place';
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

  /** @throws if the path is not absolute, or there is not exactly one of `content` and `source`. */
  public constructor(scope: Construct, id: string, props: ConfigFileProps) {
    checkCall(new.target, 'ConfigFile', arguments);
    super(scope, id, props, 253);
    this.path = props.path;
    if (!isAbsolutePath(this.path)) throw new Error(`${placeOf(this.node.path)}: 'path' must be ${PATH_RULE}, got '${this.path}'`);
    const { content, source } = props;
    if ((content === undefined) === (source === undefined)) throw new Error(`${placeOf(this.node.path)}: give either 'content' or 'source', got ${content === undefined ? 'neither' : 'both'}`);
    this.source = source ?? { toText: () => content! };
    this.node.addValidation({ validate: () => this.findProblems() });
    this.application._register(this);
  }

  /**
   * Text of the file, with placeholders.
   * @throws if what writes the text fails.
   */
  public get content(): string {
    const text = this.readSource();
    if (typeof text !== 'string') throw new Error(`${placeOf(this.node.path)}: 'toText' of 'source' must return a text, got ${describe('source', text)}`);
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

  private readSource(): unknown {
    try {
      return this.source.toText();
    } catch (error) {
      throw new Error(`${placeOf(this.node.path)}: 'toText' of 'source' failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  private findProblems(): string[] {
    const text = this.content;
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
