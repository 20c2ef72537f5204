import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import type { KernelModule } from '../../../server/kernels/module.ts';
import { HostileDevices, type HostileInput } from '../../support/hostile-device.ts';
import { expectBalance, loadKernels } from '../../support/ingest.ts';
import { type MemoryInUse, measureMemory } from '../../support/memory.ts';
import { OfflineIngest } from '../../support/offline-session.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';

// Frames that are random, mutated, cut off or lie about their length, for two
// servers: one reads each connection whole, the other in random pieces. What
// lies around the bytes differs too, and is overwritten once they were read, so
// that a byte read outside them, or kept, makes a difference.

const SEEDS = Array.from({ length: runs(1, 20) }, (_, i) => 20_261_121 + i);
const INPUTS = runs(4000, 250_000);
const MEASURED = 10;
const GROWTH_BYTES = 4 << 20; // more than the measurement's noise; in a long run less than 20 bytes an input
// A damaged hello that is a hello still can open the stream first, as something else.
const VALID_CODES = new Set(['in order', 'CHANNEL_CHANGED']);
const CODES = new Set([
  ...VALID_CODES,
  'HELLO_INVALID',
  'VERSION_UNKNOWN',
  'CHANNEL_LIMIT',
  'FRAME_INVALID',
  'CHECKSUM_WRONG',
  'INDEX_JUMP',
]);

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

it.each(SEEDS)(
  'whatever devices send ends in order or in a code, the same in any pieces, and leaves nothing behind: seed %i',
  async (seed) => {
    const startMs = performance.now();
    const devices = new HostileDevices(seed);
    const whole = new Reader(kernels, 0x5a);
    const cut = new Reader(kernels, 0xa5);
    const random = seededRandom(seed);
    const memory: MemoryInUse[] = [];
    const ended = new Map<string, number>();

    for (let i = 0; i < INPUTS; i++) {
      const input = devices.input(i);
      const code = whole.read(input, () => Infinity);
      const other = cut.read(input, pieces(input.bytes.length, random));

      if (code !== other) expect.fail(`input ${i} ended in ${code} whole and in ${other} cut`);
      if (!(input.isValid ? VALID_CODES : CODES).has(code)) expect.fail(`input ${i} ended in ${code}`);
      ended.set(code, (ended.get(code) ?? 0) + 1);
      if (i % 64 === 0 || i === INPUTS - 1) compare(i, whole, cut);
      if ((i + 1) % Math.floor(INPUTS / MEASURED) === 0) memory.push(await measureMemory());
    }

    console.log(
      `${INPUTS} inputs in ${((performance.now() - startMs) / 1000).toFixed(0)} s:`,
      Object.fromEntries(ended),
    );
    console.log('memory in use, MB:', memory.map(toText).join('; '));
    const calm = memory.slice(MEASURED / 5);
    for (const key of ['heapUsed', 'external', 'arrayBuffers'] as const) {
      const grown = calm.at(-1)![key] - calm[0][key];
      expect(grown, key).toBeLessThan(GROWTH_BYTES);
    }
  },
);

/** A server that goes on living, and reads from memory that is full of something else. */
class Reader {
  readonly ingest: OfflineIngest;
  readonly #memory: Buffer;
  readonly #around: number;

  constructor(module: KernelModule, around: number) {
    this.ingest = new OfflineIngest(module);
    this.#memory = Buffer.alloc((5 << 20) + 64, around);
    this.#around = around;
  }

  /** Reads a connection in pieces of `next()` bytes, and returns the code it ended with. */
  read({ bytes, isEnded }: HostileInput, next: () => number): string {
    const { codes } = this.ingest;
    codes.length = 0;
    const session = this.ingest.connect();
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + next());
      const from = 32 + (at % 8);
      bytes.copy(this.#memory, from, at, end);
      session.push(this.#memory.subarray(from, from + end - at));
      this.#memory.fill(this.#around, from, from + end - at);
      at = end;
    }
    if (isEnded) session.end();
    else session.lost();
    return codes.join() || 'in order';
  }
}

/** Pieces of one byte, of a few, or of as much as a socket brings. */
function pieces(length: number, random: () => number): () => number {
  const kind = random();
  const few = kind < 0.1 ? 16 : 300;
  const most = length > 65_536 ? 65_536 : kind < 0.02 ? 1 : few;
  return () => 1 + Math.floor(random() * most);
}

function compare(input: number, whole: Reader, cut: Reader): void {
  const ledger = whole.ingest.ledger();
  expectBalance(ledger);
  const isSame = isDeepStrictEqual(
    [cut.ingest.ledger(), cut.ingest.windows], //
    [ledger, whole.ingest.windows],
  );
  if (!isSame) expect.fail(`up to input ${input} it came to something else in pieces`);
  whole.ingest.windows.length = 0;
  cut.ingest.windows.length = 0;
}

function toText({ heapUsed, external, arrayBuffers }: MemoryInUse): string {
  return [heapUsed, external, arrayBuffers].map((bytes) => (bytes / 1e6).toFixed(1)).join(' + ');
}
