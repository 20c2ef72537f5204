import type { KernelModule } from '../../server/kernels/module.ts';
import { SAMPLE_BYTES, type SampleType } from '../../server/kernels/sample-type.ts';
import { type CaptureReply, OVERVIEW_CELL_BYTES } from '../../server/wire/captures.ts';
import { Listeners, type Store } from '../store/store.ts';
import { AGAIN_MS } from './again.ts';
import { gapsIn, type Piece, piecesIn, type SampleRange, wholeRange } from './capture-pieces.ts';
import { CellColumns, type CellLevel } from './cell-columns.ts';
import { cellSamples, levelFor } from './cell-cover.ts';
import { ColumnRoom } from './column-room.ts';
import type { PartialFile } from './partial-file.ts';
import { SampleColumns } from './sample-columns.ts';
import { countReader, sampleTypeOf, toValue } from './sample-values.ts';
import type { WavePicture, WaveSamples, WaveSource, WaveView } from './wave-source.ts';

// Of a wider view cells are shown, though they are wider than a column.
const SAMPLES_LIMIT = 1 << 20;
// Levels with so few cells are loaded whole at first: whatever the view, there is something of it.
const BASE_CELLS = 4096;
// Loaded beside the view, as a share of it, so that a drag finds it there.
const MARGIN = 0.25;

export interface CaptureFiles {
  readonly data: PartialFile;
  readonly overview: PartialFile;
}

export interface WaveState {
  /** Whether what the view needs is on its way. */
  readonly isLoading: boolean;
  /** Why it could not be had; it is asked for again by itself. */
  readonly failure: string | undefined;
}

/** Where a view comes from: bytes of the data, or of a level of the overview. */
interface Plan {
  readonly level: number | undefined;
  readonly from: number;
  readonly to: number;
}

/**
 * One recording, of which only what is looked at is loaded: cells of its
 * overview, and samples where a view is narrow enough. Until the finest are
 * here the finest that are stand in for them.
 */
export class CaptureWave implements WaveSource, Store<WaveState> {
  readonly capture: CaptureReply;
  readonly type: SampleType;
  readonly whole: SampleRange;
  readonly #files: CaptureFiles;
  readonly #samples: SampleColumns;
  readonly #cells: CellColumns;
  readonly #levels: readonly CellLevel[];
  /** The coarse levels, which stand in for everything. */
  readonly #base: Plan | undefined;
  readonly #listeners = new Listeners();
  #room = new ColumnRoom(1);
  #version = 0;
  #failure: string | undefined;
  #wanted: WaveView | undefined;
  #loading: { readonly plan: Plan; readonly abort: AbortController } | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(capture: CaptureReply, files: CaptureFiles, module: KernelModule) {
    this.capture = capture;
    this.type = sampleTypeOf(capture.datatype);
    this.whole = wholeRange(capture.segments);
    this.#files = files;
    this.#samples = new SampleColumns(module, this.type);
    this.#cells = new CellColumns(module);
    const { levels } = capture.overview;
    this.#levels = levels.map((_, level) => ({
      byteOffset: levels.slice(0, level).reduce((sum, cells) => sum + cells, 0) * OVERVIEW_CELL_BYTES,
      samples: cellSamples(capture.overview, level),
    }));
    const first = levels.findIndex((cells) => cells <= BASE_CELLS);
    const cells = levels.reduce((sum, count) => sum + count, 0);
    if (first >= 0)
      this.#base = { level: first, from: this.#levels[first].byteOffset, to: cells * OVERVIEW_CELL_BYTES };
  }

  get version(): number {
    return this.#version;
  }

  get value(): WaveState {
    return { isLoading: this.#loading !== undefined, failure: this.#failure };
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /**
   * Gets what a view needs, after what stands in for it. One request at a
   * time: the newest view follows, and ends one of another zoom.
   */
  want(view: WaveView): void {
    this.#wanted = view;
    if (!this.#loading) void this.#loadWanted();
    else if (this.#loading.plan !== this.#base && this.#planOf(view).level !== this.#loading.plan.level) {
      this.#loading.abort.abort();
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#again);
    this.#loading?.abort.abort();
  }

  picture(view: WaveView): WavePicture | undefined {
    const pieces = piecesIn(this.capture.segments, view);
    const { level } = this.#planOf(view);
    if (level === undefined && this.#has({ level, ...this.#bytesOf(level, view) })) {
      return view.to - view.from < view.columns ? this.#pickSamples(view) : this.#reduceSamples(view, pieces);
    }
    for (let l = level ?? 0; l < this.#levels.length; l++) {
      if (this.#has({ level: l, ...this.#bytesOf(l, view) })) return this.#reduceCells(view, pieces, this.#levels[l]);
    }
    return undefined;
  }

  async #loadWanted(): Promise<void> {
    while (this.#wanted && !this.#isClosed && this.#again === undefined) {
      const view = this.#wanted;
      const plan = this.#base && !this.#has(this.#base) ? this.#base : this.#planOf(view);
      const isThere = this.#has(plan) || (await this.#load(plan));
      if (isThere && this.#failure !== undefined) {
        this.#failure = undefined; // perhaps what works out figures has got it meanwhile
        this.#announce();
      }
      if (isThere && plan !== this.#base && this.#wanted === view) this.#wanted = undefined;
    }
  }

  /** Whether it came. */
  async #load(plan: Plan): Promise<boolean> {
    const abort = new AbortController();
    this.#loading = { plan, abort };
    this.#announce();
    let isThere = true;
    try {
      await this.#fileOf(plan.level).load(plan.from, plan.to, abort.signal);
    } catch (error) {
      isThere = false;
      if (!abort.signal.aborted) this.#miss(error);
    }
    this.#loading = undefined;
    this.#version++;
    this.#announce();
    return isThere;
  }

  #miss(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.#loadWanted();
    }, AGAIN_MS);
  }

  #announce(): void {
    if (!this.#isClosed) this.#listeners.announce();
  }

  #planOf(view: WaveView): Plan {
    const samples = view.to - view.from;
    const fitting = levelFor(this.capture.overview, samples / view.columns);
    const hasCells = this.#levels.length > 0;
    const level = fitting ?? (samples <= SAMPLES_LIMIT || !hasCells ? undefined : 0);
    const margin = samples * MARGIN;
    return { level, ...this.#bytesOf(level, { from: view.from - margin, to: view.to + margin }) };
  }

  /** Bytes of the file that a range needs; none where nothing of it is there. */
  #bytesOf(level: number | undefined, { from, to }: SampleRange): { readonly from: number; readonly to: number } {
    const beside = level === undefined ? 1 : 0; // a line begins at the sample before the view
    const pieces = piecesIn(this.capture.segments, { from: Math.floor(from) - beside, to: Math.ceil(to) + beside });
    const last = pieces.at(-1);
    if (!last) return { from: 0, to: 0 };
    const [start, end] = [pieces[0].start, last.start + last.samples]; // the file has no gaps
    if (level === undefined) {
      const bytes = SAMPLE_BYTES[this.type];
      return { from: start * bytes, to: end * bytes };
    }
    const { byteOffset, samples } = this.#levels[level];
    return {
      from: byteOffset + Math.floor(start / samples) * OVERVIEW_CELL_BYTES,
      to: byteOffset + Math.ceil(end / samples) * OVERVIEW_CELL_BYTES,
    };
  }

  #fileOf(level: number | undefined): PartialFile {
    return level === undefined ? this.#files.data : this.#files.overview;
  }

  #has({ level, from, to }: Plan): boolean {
    return this.#fileOf(level).has(from, to);
  }

  #reduceSamples(view: WaveView, pieces: readonly Piece[]): WavePicture {
    const room = this.#roomFor(view);
    this.#samples.reduce(view, pieces, this.#files.data, room);
    return this.#finish(view, room);
  }

  #reduceCells(view: WaveView, pieces: readonly Piece[], level: CellLevel): WavePicture {
    const room = this.#roomFor(view);
    this.#cells.reduce(view, pieces, this.#files.overview, level, room);
    return this.#finish(view, room);
  }

  #finish(view: WaveView, room: ColumnRoom): WavePicture {
    room.toValues(this.capture);
    const each = (view.to - view.from) / view.columns;
    for (const gap of gapsIn(this.capture.segments, view)) {
      const column = Math.floor((gap.from - 1 - view.from) / each); // of the last sample before it
      if (column >= 0 && column < room.length) room.broken[column] = 1;
    }
    return room;
  }

  #roomFor({ columns }: WaveView): ColumnRoom {
    if (this.#room.length !== columns) this.#room = new ColumnRoom(columns);
    this.#room.clear();
    return this.#room;
  }

  /** The samples of a view that has fewer of them than columns. */
  #pickSamples({ from, to }: WaveView): WaveSamples {
    const bytes = SAMPLE_BYTES[this.type];
    const read = countReader(this.type);
    const index: number[] = [];
    const value: number[] = [];
    for (const piece of piecesIn(this.capture.segments, { from: Math.floor(from) - 1, to: Math.ceil(to) + 1 })) {
      for (const part of this.#files.data.held(piece.start * bytes, (piece.start + piece.samples) * bytes)) {
        const view = new DataView(part.bytes.buffer, part.bytes.byteOffset, part.bytes.length);
        const first = piece.index + part.from / bytes - piece.start;
        for (let at = 0; at < part.bytes.length; at += bytes) {
          index.push(first + at / bytes);
          value.push(toValue(read(view, at), this.capture));
        }
      }
    }
    return { kind: 'samples', length: index.length, index: Float64Array.from(index), value: Float64Array.from(value) };
  }
}
