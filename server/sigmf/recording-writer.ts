import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sync } from '../base/durable-file.ts';
import { PARTIAL } from '../base/whole-file.ts';
import { sampleFormat } from './datatype.ts';
import { type Annotation, type Capture, FENESTRA_EXTENSION, SIGMF_VERSION } from './metadata.ts';

/** What a recording is of. Figures of the channel go into the `fenestra` extension. */
export interface RecordingHeader {
  readonly datatype: string;
  readonly rateHz: number;
  readonly channel?: string;
  readonly stream?: string;
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly fullScale?: readonly [low: number, high: number];
  /** Samples a window of the trend it was reduced to. */
  readonly window?: number;
  /** What was to be recorded, indices in the stream, the second not included. */
  readonly asked?: readonly [from: number, to: number];
  readonly description?: string;
  readonly hardware?: string;
  readonly recorder?: string;
}

/** What is known once the last sample is written. */
export interface RecordingParts {
  readonly captures: readonly Capture[];
  readonly annotations?: readonly Annotation[];
  /** Samples at or beyond full scale. */
  readonly clipped?: number;
}

/** Below it SigMF has no sample rate, Hz. */
const RATE_LEAST = 1;
const RATE_MOST = 1e12;

/**
 * Writes one SigMF recording: `base.sigmf-data` and `base.sigmf-meta`.
 *
 * Both have temporary names until `finish`, which syncs and renames them, the
 * metadata last; so a recording that can be seen is whole.
 */
export class RecordingWriter {
  readonly #base: string;
  readonly #header: RecordingHeader;
  readonly #data: FileHandle;
  readonly #hash: Hash = createHash('sha512');
  readonly #sampleBytes: number;
  #bytes = 0;

  private constructor(base: string, header: RecordingHeader, data: FileHandle) {
    this.#base = base;
    this.#header = header;
    this.#data = data;
    this.#sampleBytes = sampleFormat(header.datatype).bytes;
  }

  /** Opens the data file. Throws `RangeError` for a sample rate that is none. */
  static async create(base: string, header: RecordingHeader): Promise<RecordingWriter> {
    if (!(header.rateHz > 0 && header.rateHz <= RATE_MOST)) {
      throw new RangeError(`sample rate ${header.rateHz} Hz, expected more than 0, up to ${RATE_MOST}`);
    }
    return new RecordingWriter(base, header, await open(`${base}.sigmf-data${PARTIAL}`, 'w'));
  }

  /** Samples written. */
  get samples(): number {
    return this.#bytes / this.#sampleBytes;
  }

  /** Appends whole samples. The bytes may be reused when the promise resolves. */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength % this.#sampleBytes !== 0) {
      throw new RangeError(`${bytes.byteLength} bytes, expected a multiple of ${this.#sampleBytes}`);
    }
    this.#hash.update(bytes);
    await this.#data.writeFile(bytes);
    this.#bytes += bytes.byteLength;
  }

  /**
   * Completes the recording. Captures and annotations are sorted by their
   * first sample, as SigMF demands. Returns the checksum of the samples.
   */
  async finish(parts: RecordingParts): Promise<{ sha512: string }> {
    const { captures, annotations = [], clipped } = parts;
    await this.#data.sync();
    await this.#data.close();

    const sha512 = this.#hash.digest('hex');
    const metadata = {
      global: { ...globalOf(this.#header, sha512), 'fenestra:clipped': clipped },
      captures: sorted(captures),
      annotations: sorted(annotations),
    };
    const file = await open(`${this.#base}.sigmf-meta${PARTIAL}`, 'w');
    await file.writeFile(`${JSON.stringify(metadata, undefined, 2)}\n`);
    await file.sync();
    await file.close();

    await rename(`${this.#base}.sigmf-data${PARTIAL}`, `${this.#base}.sigmf-data`);
    await rename(`${this.#base}.sigmf-meta${PARTIAL}`, `${this.#base}.sigmf-meta`);
    await sync(dirname(this.#base));
    return { sha512 };
  }

  /** Gives the recording up and removes what there is of it. */
  async abandon(): Promise<void> {
    await this.#data.close();
    for (const ending of ['.sigmf-data', '.sigmf-meta']) await rm(`${this.#base}${ending}${PARTIAL}`, { force: true });
  }
}

function globalOf(header: RecordingHeader, sha512: string): Record<string, unknown> {
  return {
    'core:version': SIGMF_VERSION,
    'core:datatype': header.datatype,
    'core:sample_rate': header.rateHz >= RATE_LEAST ? header.rateHz : undefined,
    'fenestra:sample_rate': header.rateHz >= RATE_LEAST ? undefined : header.rateHz,
    'core:sha512': sha512,
    'core:description': header.description,
    'core:hw': header.hardware,
    'core:recorder': header.recorder,
    'core:extensions': [FENESTRA_EXTENSION],
    'fenestra:channel': header.channel,
    'fenestra:stream': header.stream,
    'fenestra:scale': header.scale,
    'fenestra:offset': header.offset,
    'fenestra:unit': header.unit,
    'fenestra:full_scale': header.fullScale,
    'fenestra:window': header.window,
    'fenestra:asked': header.asked,
  }; // JSON leaves undefined out
}

function sorted<T extends { readonly 'core:sample_start': number }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => a['core:sample_start'] - b['core:sample_start']);
}
