/** Samples of a recording that follow each other without a hole. */
export interface SampleRun {
  /** Index of the first one in the recording's own count, lost samples included. */
  readonly firstSample: number;
  /** Time of the first one, ns since 1970 UTC, where the recording tells another than follows from what was before. */
  readonly timeNs: bigint | undefined;
  /** What the device said of them, bits of its own `WindowFlag`s; that samples were lost, of those before the first. */
  readonly flags?: number;
  /** Whole samples, little-endian; good until the next run is asked for. */
  readonly bytes: Uint8Array;
}

/** What a recording says of itself. Undefined is what it leaves open. */
export interface SourceDescription {
  /** SigMF's name, one of those that devices may send. */
  readonly datatype: string;
  readonly rateHz: number;
  readonly scale: number;
  readonly offset: number;
  readonly unit: string;
  readonly fullScale: readonly [low: number, high: number] | undefined;
  /** Time of sample `epochSample`, or of sample 0 where that is left out, ns since 1970 UTC. */
  readonly epochNs: bigint | undefined;
  readonly epochSample?: number | undefined;
  /** Samples a window of the trend it was reduced to when it was measured. */
  readonly window?: number | undefined;
  readonly description: string;
  readonly hardware: string;
}

/** A recording as a device would send it, read piece by piece: memory does not grow with the file. */
export interface SampleSource extends SourceDescription {
  /** Reads from the beginning, once. Throws `FILE_INVALID` where the file is not what its beginning promised. */
  runs(): AsyncIterable<SampleRun>;
  /** Share of the file that was read, 0 to 1. */
  readonly progress: number;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** What a person may say of a recording that it does not say itself, or says otherwise. */
export interface SourceOptions {
  readonly format?: SourceFormat | undefined;
  readonly datatype?: string | undefined;
  readonly rateHz?: number | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  readonly unit?: string | undefined;
  readonly fullScale?: readonly [low: number, high: number] | undefined;
  readonly epochNs?: bigint | undefined;
  /** Of a WAV file: which channel, counted from 1. */
  readonly wavChannel?: number | undefined;
  /** Of a CSV file: name or number, counted from 1, of the column that holds the samples. */
  readonly column?: string | undefined;
  readonly timeColumn?: string | undefined;
  readonly timeUnit?: TimeUnit | undefined;
  readonly delimiter?: string | undefined;
}

export const SOURCE_FORMATS = ['sigmf', 'wav', 'csv', 'bare'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** Units of a CSV time column, and how many make a second. */
export const TIME_UNITS = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;

/** Fills what `options` leave out with what the recording says, and the rest with what is neutral. */
export function describeSource(
  options: SourceOptions,
  own: Partial<SourceDescription> & Pick<SourceDescription, 'datatype' | 'rateHz'>,
): SourceDescription {
  return {
    datatype: own.datatype,
    rateHz: options.rateHz ?? own.rateHz,
    scale: options.scale ?? own.scale ?? 1,
    offset: options.offset ?? own.offset ?? 0,
    unit: options.unit ?? own.unit ?? '',
    fullScale: options.fullScale ?? own.fullScale,
    epochNs: options.epochNs ?? own.epochNs,
    epochSample: options.epochNs === undefined ? own.epochSample : undefined,
    window: own.window,
    description: own.description ?? '',
    hardware: own.hardware ?? '',
  };
}
