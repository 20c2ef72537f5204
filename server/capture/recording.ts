import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { PARTIAL } from '../base/whole-file.ts';
import type { KernelModule } from '../kernels/module.ts';
import { RecordingWriter } from '../sigmf/recording-writer.ts';
import { formatTime } from '../sigmf/time.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { DATATYPES } from '../trend/datatype.ts';
import type { SampleAnchor } from '../trend/sample-time.ts';
import type { CaptureCause, CaptureReply, CaptureSegment } from '../wire/captures.ts';
import { missingSamples } from '../wire/missing-samples.ts';
import { type CaptureFiles, captureFiles } from './capture-files.ts';
import type { Piece } from './capture-link.ts';
import { causeInWords } from './cause-words.ts';
import { DeviceFlags } from './device-flags.ts';
import { Overview } from './overview.ts';

export interface RecordingOptions {
  readonly directory: string;
  readonly capture: CaptureReply;
  readonly info: ChannelInfo;
  readonly module: KernelModule;
}

/** What its end says. */
export interface RecordingEnd {
  readonly overtaken: number;
  readonly note?: string;
}

/** One recording while it is written: samples, checksum and overview at once. */
export class Recording {
  #capture: CaptureReply;
  readonly #files: CaptureFiles;
  readonly #writer: RecordingWriter;
  readonly #overviewFile: FileHandle;
  readonly #overview: Overview;
  readonly #segments: Segment[] = [];
  readonly #flags = new DeviceFlags();

  static async create({ directory, capture, info, module }: RecordingOptions): Promise<Recording> {
    const files = captureFiles(directory, capture.id);
    const { rateHz, datatype, channel, stream, scale, offset, unit, fullScale, from, to } = capture;
    const writer = await RecordingWriter.create(files.base, {
      datatype,
      rateHz,
      channel,
      stream,
      scale,
      offset,
      unit,
      window: info.window,
      description: info.description,
      hardware: info.hardware,
      recorder: 'fenestra',
      asked: [from, to],
      ...(fullScale && { fullScale }),
    });
    const { type, bytes: sampleBytes } = DATATYPES.get(datatype)!;
    const overview = new Overview({ module, type, sampleBytes, ...(fullScale && { fullScale }) });
    return new Recording({ capture, files, writer, overview, overviewFile: await open(files.overview + PARTIAL, 'w') });
  }

  private constructor(parts: Parts) {
    this.#capture = parts.capture;
    this.#files = parts.files;
    this.#writer = parts.writer;
    this.#overview = parts.overview;
    this.#overviewFile = parts.overviewFile;
  }

  /** Samples written. */
  get samples(): number {
    return this.#writer.samples;
  }

  /** Says anew why it was made. */
  confirm(cause: CaptureCause): void {
    this.#capture = { ...this.#capture, cause };
  }

  async append({ buffer, start, flagged = [] }: Piece): Promise<void> {
    const before = this.#writer.samples;
    const bytes = new Uint8Array(buffer);
    await this.#writer.append(bytes);
    await this.#overviewFile.writeFile(new Uint8Array(this.#overview.push(bytes).buffer));
    if (start !== undefined) this.#segments.push({ start: before, samples: 0, ...start });
    this.#flags.add(before, flagged);
    const segment = this.#segments[this.#segments.length - 1];
    if (segment !== undefined) segment.samples += this.#writer.samples - before;
  }

  /** Makes the files whole, the metadata last, and returns what the list says of them. */
  async finish({ overtaken, note }: RecordingEnd): Promise<CaptureReply> {
    const { samples } = this.#writer;
    const { cells, overview } = this.#overview.finish();
    await this.#overviewFile.writeFile(new Uint8Array(cells.buffer));
    await this.#overviewFile.sync();
    await this.#overviewFile.close();
    await rename(this.#files.overview + PARTIAL, this.#files.overview);

    const { sha512 } = await this.#writer.finish({
      captures: this.#segments.map(({ start, index, timeNs, anchor }) => ({
        'core:sample_start': start,
        'core:global_index': index,
        'core:datetime': formatTime(timeNs),
        'fenestra:anchor_index': anchor.index,
        'fenestra:anchor_datetime': formatTime(anchor.timeNs),
      })),
      annotations: [this.#annotation(samples), ...this.#flags.annotations()],
      clipped: this.#overview.clipped,
    });
    const segments = this.#segments.map(toReply);
    const shortNote = noteOf({ ...this.#capture, segments, overtaken, samples }, note);
    return {
      ...this.#capture,
      state: 'ready',
      ...(shortNote && { note: shortNote }),
      segments,
      overtaken,
      samples,
      bytes: samples * DATATYPES.get(this.#capture.datatype)!.bytes,
      sha512,
      overview,
    };
  }

  /** Removes what there is of it. */
  async abandon(): Promise<void> {
    await this.#overviewFile.close().catch(() => undefined); // closed already where it failed at the end
    await this.#writer.abandon().catch(() => undefined);
    const { data, meta, overview } = this.#files;
    for (const path of [data, meta, overview]) {
      await rm(path, { force: true });
      await rm(path + PARTIAL, { force: true });
    }
  }

  // At the trigger, or at the next sample that is there.
  #annotation(samples: number) {
    const { triggerSample, cause, id } = this.#capture;
    const segment = this.#segments.find(({ index, samples }) => triggerSample < index + samples);
    const start =
      segment === undefined ? Math.max(0, samples - 1) : segment.start + Math.max(0, triggerSample - segment.index);
    return {
      'core:sample_start': start,
      'core:sample_count': Math.min(1, samples),
      'core:generator': 'fenestra',
      'core:label': cause.kind,
      'core:comment': causeInWords(cause, this.#capture.unit),
      'fenestra:capture': id,
      'fenestra:trigger_index': triggerSample,
    };
  }
}

interface Segment {
  readonly start: number;
  readonly index: number;
  readonly timeNs: bigint;
  readonly anchor: SampleAnchor;
  samples: number;
}

interface Parts {
  readonly capture: CaptureReply;
  readonly files: CaptureFiles;
  readonly writer: RecordingWriter;
  readonly overview: Overview;
  readonly overviewFile: FileHandle;
}

// Each missing sample is spoken of once: `endNote` tells of those that its end lacks.
function noteOf(capture: CaptureReply, endNote: string | undefined): string {
  const { overtaken } = capture;
  const { start, inside, end } = missingSamples(capture);
  const places = [
    [start, 'at its start'],
    [inside, 'inside'],
    [endNote === undefined ? end : 0, 'at its end'],
  ] as const;
  const missing = places.filter(([count]) => count > 0).map(([count, where]) => `${count} ${where}`);
  return [
    ...(overtaken > 0 ? [`${overtaken} samples of it were overtaken already`] : []),
    ...(missing.length > 0 ? [`samples that never came: ${missing.join(', ')}`] : []),
    ...(endNote === undefined ? [] : [endNote]),
  ].join('; ');
}

function toReply({ start, index, samples, timeNs }: Segment): CaptureSegment {
  return { start, index, samples, timeMs: Number(timeNs) / 1e6 };
}
