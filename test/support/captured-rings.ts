import { CaptureControl } from '../../server/capture/capture-control.ts';
import type { StoreFill, ToCapture } from '../../server/capture/capture-link.ts';
import { openWindower } from '../../server/compute/open-windower.ts';
import { RingPool } from '../../server/compute/ring-pool.ts';
import { Config } from '../../server/config.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { SampleSink } from '../../server/trend/sample-sink.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { FakeClock } from './fake-clock.ts';
import { loadKernels } from './ingest.ts';
import { timesFrom1970 } from './sample-times.ts';

/** What was handed over of one recording. */
export interface Handed {
  readonly begin: Extract<ToCapture, { kind: 'begin' }>;
  readonly runs: { readonly index: number; readonly samples: number[] }[];
  end: Extract<ToCapture, { kind: 'end' }> | undefined;
  bytes: number;
}

/** Rings of int16 samples with real kernels, and in the place of the thread that writes something that keeps what it is handed. */
export class CapturedRings {
  readonly clock = new FakeClock();
  readonly control: CaptureControl;
  readonly rings: RingPool;
  readonly recordings = new Map<string, Handed>();
  readonly refused: string[] = [];
  readonly confirmed: Extract<ToCapture, { kind: 'confirm' }>[] = [];
  readonly dropped: string[] = [];
  readonly windows: TrendWindow[] = [];
  /** False: nothing that is handed over is ever written. */
  isWriting = true;
  /** False: only counts the samples. */
  keepsSamples = true;
  inFlightBytes = 0;
  mostInFlightBytes = 0;
  readonly #open: ReturnType<typeof openWindower>;
  #ids = 0;

  static async open(settings: Readonly<Record<string, object>> = {}): Promise<CapturedRings> {
    return new CapturedRings(Config.parse(settings), await loadKernels());
  }

  private constructor(config: Config, module: object) {
    this.rings = new RingPool({
      ringBytes: config.capture.ring_bytes,
      ringsBytes: config.capture.rings_bytes,
      onLeave: (ring) => this.control.leave(ring),
    });
    this.control = new CaptureControl({
      rings: this.rings,
      settings: config.capture,
      channels: config.channels,
      clock: this.clock,
      makeId: () => `id-${this.#ids++}`,
      post: (message) => this.#take(message),
    });
    this.#open = openWindower({
      module,
      rings: this.rings,
      emit: (window) => this.windows.push(window),
      watchOf: (channel) => this.control.watchOf(channel),
    });
    this.control.receive({ kind: 'stored', fill: EMPTY_STORE, recent: [] });
  }

  /** A stream, of 1 kHz unless `parts` say otherwise, whose sample 0 was taken at 1970. */
  stream(channel: string, parts: Partial<ChannelInfo> = {}): SampleSink {
    const info = { ...INFO, channel, ...parts };
    const sink = this.#open(info, timesFrom1970(info.rateHz));
    sink.seek(0, 0);
    return sink;
  }

  /** Begins a recording around now and returns its identifier. */
  begin(channel: string, beforeSeconds: number, afterSeconds: number): string {
    const span = { kind: 'around', beforeSeconds, afterSeconds } as const;
    return this.control.request({ channel, cause: { kind: 'person', comment: '' }, span }).id;
  }

  handed(id: string): Handed {
    const handed = this.recordings.get(id);
    if (handed === undefined) throw new Error(`recording ${id} was not begun`);
    return handed;
  }

  #take(message: ToCapture): void {
    switch (message.kind) {
      case 'begin':
        this.recordings.set(message.capture.id, { begin: message, runs: [], end: undefined, bytes: 0 });
        break;
      case 'refused':
        this.refused.push(message.capture.note ?? '');
        break;
      case 'samples': {
        const handed = this.handed(message.id);
        const { buffer, start } = message.piece;
        if (start !== undefined) handed.runs.push({ index: start.index, samples: [] });
        if (this.keepsSamples) handed.runs.at(-1)!.samples.push(...new Int16Array(buffer));
        handed.bytes += buffer.byteLength;
        this.inFlightBytes += buffer.byteLength;
        this.mostInFlightBytes = Math.max(this.mostInFlightBytes, this.inFlightBytes);
        if (this.isWriting) queueMicrotask(() => this.write(buffer.byteLength));
        break;
      }
      case 'confirm':
        this.confirmed.push(message);
        break;
      case 'drop':
        this.dropped.push(message.id);
        break;
      case 'end':
        this.handed(message.id).end = message;
        queueMicrotask(() => this.control.receive({ kind: 'over', id: message.id, fill: EMPTY_STORE }));
        break;
    }
  }

  /** So many bytes have been written. */
  write(bytes: number): void {
    this.inFlightBytes -= bytes;
    this.control.receive({ kind: 'taken', bytes });
  }
}

export const EMPTY_STORE: StoreFill = { bytes: 0, recordings: 0, spareBytes: 0, spareRecordings: 0 };

const INFO: ChannelInfo = {
  channel: 'a',
  stream: 's',
  datatype: 'ri16_le',
  rateHz: 1000,
  window: 100,
  unit: 'V',
  scale: 1,
  offset: 0,
  hardware: '',
  description: '',
  recorder: '',
};
