import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { RecordingWriter } from '../../server/sigmf/recording-writer.ts';
import type { CaptureReply, CaptureSegment } from '../../server/wire/captures.ts';
import { bytesOf, type SampleArray } from './kernels.ts';

const CELL = 500;
const TIMES = 10;
const COARSEST_CELLS = 1000;

/** A recording as a test wants it: what is left out is like most. */
export interface CaptureFile extends Partial<CaptureReply> {
  readonly id: string;
  readonly samples?: number;
}

/** What there is to say of a recording of 10 MS/s that a person made. */
export function captureReply(file: CaptureFile): CaptureReply {
  const samples = file.samples ?? 0;
  const index = 1_000_000_000;
  const triggerMs = Date.UTC(2026, 10, 21, 5, 7, 32, 123);
  return {
    state: 'ready',
    channel: 'pmt-1',
    label: 'Etch 1 · view A',
    stream: 'a1b2c3',
    unit: 'V',
    datatype: 'ri16_le',
    rateHz: 10_000_000,
    scale: 1e-5,
    offset: 0,
    triggerSample: index + Math.floor(samples / 2),
    triggerMs,
    from: index,
    to: index + samples,
    segments: samples === 0 ? [] : [{ start: 0, index, samples, timeMs: triggerMs - samples / 20_000 }],
    overtaken: 0,
    bytes: 2 * samples,
    sha512: '0'.repeat(128),
    cause: { kind: 'person', comment: '' },
    createdMs: triggerMs,
    overview: { cell: CELL, levels: levelsOf(samples) },
    ...file,
    samples,
  };
}

/** Segments of a file that lie after one another in the stream with `gap` samples missing between them. */
export function segmentsWithGaps(
  lengths: readonly number[],
  { index, gap, rateHz, timeMs }: { index: number; gap: number; rateHz: number; timeMs: number },
): CaptureSegment[] {
  let start = 0;
  let at = index;
  return lengths.map((samples) => {
    const segment = { start, index: at, samples, timeMs: timeMs + ((at - index) * 1000) / rateHz };
    start += samples;
    at += samples + gap;
    return segment;
  });
}

/** Writes samples as a recording and its overview; both lie beside each other under the identifier. */
export async function writeCapture(folder: string, samples: SampleArray, capture: CaptureReply): Promise<void> {
  const writer = await RecordingWriter.create(join(folder, capture.id), {
    datatype: capture.datatype,
    rateHz: capture.rateHz,
  });
  await writer.append(bytesOf(samples));
  await writer.finish({ captures: [{ 'core:sample_start': 0 }] });
  writeFileSync(join(folder, `${capture.id}.overview`), new Uint8Array(overviewOf(samples).buffer));
}

/** The overview of samples, cell by cell as it is defined. */
export function overviewOf(samples: SampleArray): Float64Array<ArrayBuffer> {
  const cells = levelsOf(samples.length).map((count, level) => cellsOf(samples, count, CELL * TIMES ** level));
  return Float64Array.from(cells.flat());
}

function cellsOf(samples: SampleArray, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, cell) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = cell * size; i < Math.min(samples.length, (cell + 1) * size); i++) {
      if (!Number.isFinite(samples[i])) continue;
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    return low <= high ? [low, high] : [NaN, NaN];
  }).flat();
}

function levelsOf(samples: number): number[] {
  const levels: number[] = [];
  for (let count = Math.ceil(samples / CELL); count > 0; count = Math.ceil(count / TIMES)) {
    levels.push(count);
    if (count <= COARSEST_CELLS) return levels;
  }
  return levels;
}

/** The part of REST that the dashboard's pages of recordings use, over files in a folder. */
export class CaptureServer {
  readonly routes: RequestHandler;
  readonly captures: CaptureReply[];
  /** Bodies of what was asked to be recorded, and queries of the list. */
  readonly asked: unknown[] = [];
  readonly queries: Record<string, unknown>[] = [];
  /** Bytes of samples and of overviews that were sent. */
  sentBytes = 0;
  /** Answers with this where it is set. */
  failure: { readonly status: number; readonly code: string; readonly message: string } | undefined;
  answer: CaptureReply | undefined;

  constructor(folder: string, captures: readonly CaptureReply[]) {
    this.captures = [...captures];
    const app = express.Router();
    app.use('/api/captures', (_req, res, next) => {
      if (this.failure) res.status(this.failure.status).json(this.failure);
      else next();
    });
    app.get('/api/captures', (req, res) => {
      this.queries.push(req.query);
      const {
        search = '',
        channel,
        state,
        before = 'Infinity',
        limit,
      } = req.query as Record<string, string | undefined>;
      const found = this.captures
        .filter(
          (capture) =>
            (channel === undefined || capture.channel === channel) && (state === undefined || capture.state === state),
        )
        .filter((capture) => JSON.stringify(capture).toLowerCase().includes(search.toLowerCase()))
        .sort((a, b) => b.createdMs - a.createdMs);
      const bytes = this.captures.reduce((sum, capture) => sum + capture.bytes, 0);
      const page = found.filter(({ createdMs }) => createdMs < Number(before)).slice(0, Number(limit));
      res.json({ captures: page, total: found.length, bytes, limitBytes: 20e9 });
    });
    app.post('/api/captures', express.json(), (req, res) => {
      this.asked.push(req.body);
      res.status(201).json(this.answer);
    });
    app.get('/api/captures/:id', (req, res) => {
      const found = this.captures.find(({ id }) => id === req.params.id);
      if (found) res.json(found);
      else res.status(404).json({ code: 'CAPTURE_UNKNOWN', message: 'there is no such recording' });
    });
    for (const [kind, ending] of [
      ['data', 'sigmf-data'],
      ['overview', 'overview'],
    ]) {
      app.get(`/api/captures/:id/${kind}`, (req, res) => {
        const path = join(folder, basename(`${req.params.id}.${ending}`));
        res.on('finish', () => {
          this.sentBytes += Number(res.getHeader('content-length'));
        });
        res.set('Cache-Control', 'no-store').sendFile(path, { cacheControl: false });
      });
    }
    this.routes = app;
  }
}
