import type { Audience } from '../../server/hub/audience.ts';
import { decodeTrendFrame } from '../../server/wire/trend-frame.ts';
import { EPOCH } from './audience.ts';
import { FakeViewer } from './fake-viewer.ts';

/** A viewer of `PMT-1` and `PMT-2` that follows `server/wire/README.md` over a line that breaks and loses what was on it. */
export class ReturningViewer {
  doubled = 0;
  readonly #audience: Audience;
  readonly #order: 'past first' | 'present first';
  readonly #held = [new Set<number>(), new Set<number>()];
  readonly #gone = [new Set<number>(), new Set<number>()];
  #viewer!: FakeViewer;
  #taken = 0;
  #heard = 0;

  constructor(audience: Audience, order: 'past first' | 'present first') {
    this.#audience = audience;
    this.#order = order;
    this.connect();
  }

  /** Whether all that was sent was taken. */
  get isIdle(): boolean {
    return this.#taken === this.#viewer.frames.length;
  }

  /** Sequence numbers of a channel that were got or said to be gone, in order. */
  accounted(channel: number): number[] {
    return [...this.#held[channel], ...this.#gone[channel]].sort((a, b) => a - b);
  }

  /** Loses what was not taken, and comes back. */
  connect(): void {
    if (this.#viewer) this.#audience.dismiss(this.#viewer.viewer);
    this.#viewer = new FakeViewer(this.#audience);
    this.#taken = this.#heard = 0;
    if (this.#order === 'past first') {
      const channels = [0, 1].map((channel) => {
        const newest = this.accounted(channel).at(-1);
        return { name: `PMT-${channel + 1}`, ...(newest === undefined ? { lastSeconds: 60 } : { after: newest }) };
      });
      this.#viewer.subscribe(channels, EPOCH);
    } else {
      const { channels } = this.#viewer.subscribe([{ name: '*' }]);
      const asked = channels.map(({ name, number, from }) => ({ name, ranges: this.#missing(number, from) }));
      const some = asked.filter(({ ranges }) => ranges.length > 0);
      if (some.length > 0) this.#viewer.say({ type: 'fill', id: 7, channels: some });
    }
  }

  /** Takes the next frames in and acknowledges them. */
  take(frames: number): void {
    const taken = this.#viewer.frames.slice(this.#taken, this.#taken + frames);
    for (const frame of taken) {
      for (const { channel, lastSeq, windows } of decodeTrendFrame(Uint8Array.from(frame).buffer).blocks) {
        for (let seq = lastSeq - windows + 1; seq <= lastSeq; seq++) {
          if (this.#held[channel].has(seq)) this.doubled++;
          this.#held[channel].add(seq);
        }
      }
    }
    this.#taken += taken.length;
    const bytes = this.#viewer.frames.slice(0, this.#taken).reduce((sum, frame) => sum + frame.byteLength, 0);
    if (taken.length > 0 && bytes > this.#viewer.viewer.flight.acked) this.#viewer.say({ type: 'ack', bytes });
    this.#listen();
  }

  #listen(): void {
    for (const event of this.#viewer.events.slice(this.#heard)) {
      const gone =
        event.type === 'filled'
          ? event.gone
          : event.type === 'subscribed'
            ? event.channels.flatMap(({ name, gone }) => (gone ? [{ name, ...gone }] : []))
            : [];
      for (const { name, from, to } of gone)
        for (const seq of numbers(from, to)) this.#gone[name === 'PMT-1' ? 0 : 1].add(seq);
    }
    this.#heard = this.#viewer.events.length;
  }

  #missing(channel: number, before: number) {
    const known = new Set(this.accounted(channel));
    const ranges: { from: number; to: number; rate?: number }[] = [];
    for (const seq of numbers(0, before)) {
      const last = ranges.at(-1);
      if (known.has(seq)) continue;
      if (last?.to === seq) last.to++;
      else ranges.push({ from: seq, to: seq + 1, ...(seq % 2 === 0 && { rate: 50 }) });
    }
    return ranges;
  }
}

/** from, from + 1, … to - 1. */
export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
