import type { Fetch } from './request.ts';
import { unlessSilent } from './silence.ts';

/** A part of the file that is held. `bytes` are a view; they stay as they are. */
export interface FilePart {
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RangeFileOptions {
  readonly path: string;
  readonly bytes: number;
  readonly fetch: Fetch;
  /** Asked for and kept as a whole; a multiple of eight, so that no number lies across two. */
  readonly chunkBytes: number;
  /** Bytes kept; then the chunk that was longest not read goes, and is asked for again when it is. */
  readonly limitBytes: number;
}

/** A file at the server of which only what is read is loaded, by range requests, and only so much kept. */
export class RangeFile {
  readonly bytes: number;
  readonly #options: RangeFileOptions;
  /** By place in the file, the one that was longest not read first. */
  readonly #chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  #requestedBytes = 0;
  #requests = 0;
  #heldBytes = 0;

  constructor(options: RangeFileOptions) {
    this.#options = options;
    this.bytes = options.bytes;
  }

  /** Asked of the server since the file was opened. */
  get requestedBytes(): number {
    return this.#requestedBytes;
  }

  get requests(): number {
    return this.#requests;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether all of a range is here. */
  has(from: number, to: number): boolean {
    for (let chunk = this.#first(from); chunk < this.#end(to); chunk++) if (!this.#chunks.has(chunk)) return false;
    return true;
  }

  /** What of a range is here, in order. */
  *held(from: number, to: number): Generator<FilePart> {
    const { chunkBytes } = this.#options;
    for (let chunk = this.#first(from); chunk < this.#end(to); chunk++) {
      const bytes = this.#touch(chunk);
      if (!bytes) continue;
      const at = chunk * chunkBytes;
      const start = Math.max(0, from - at);
      yield { from: at + start, bytes: bytes.subarray(start, Math.min(bytes.length, to - at)) };
    }
  }

  /** Asks for what of a range is not here, one request for each run of it. Rejects where the server does not give it. */
  async load(from: number, to: number, signal: AbortSignal): Promise<void> {
    const runs: [first: number, end: number][] = [];
    for (let chunk = this.#first(from); chunk < this.#end(to); chunk++) {
      if (this.#touch(chunk)) continue;
      const run = runs.at(-1);
      if (run?.[1] === chunk) run[1]++;
      else runs.push([chunk, chunk + 1]);
    }
    await Promise.all(runs.map(([first, end]) => this.#loadRun(first, end, signal)));
  }

  async #loadRun(first: number, end: number, signal: AbortSignal): Promise<void> {
    const { chunkBytes } = this.#options;
    const from = first * chunkBytes;
    const to = Math.min(end * chunkBytes, this.bytes);
    this.#requestedBytes += to - from;
    this.#requests++;
    const bytes = await this.#fetch(from, to, signal);
    for (let chunk = first; chunk < end; chunk++) {
      this.#keep(chunk, bytes.subarray((chunk - first) * chunkBytes, (chunk - first + 1) * chunkBytes));
    }
  }

  #fetch(from: number, to: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { path, fetch } = this.#options;
    const headers = { range: `bytes=${from}-${to - 1}` };
    return unlessSilent({ signal }, async (line) => {
      const answer = await fetch(path, { headers, signal: line.signal });
      if (answer.status !== 206) throw new Error(`status ${answer.status} for a part of ${path}, expected 206`);
      return joined(line.pieces(answer), { bytes: to - from, path });
    });
  }

  // A copy of its own, so that giving one up frees it.
  #keep(chunk: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#chunks.has(chunk)) this.#heldBytes += bytes.length;
    this.#chunks.delete(chunk);
    this.#chunks.set(chunk, bytes.slice());
    for (const [oldest, { length }] of this.#chunks) {
      if (this.#heldBytes <= this.#options.limitBytes) return;
      this.#chunks.delete(oldest);
      this.#heldBytes -= length;
    }
  }

  /** A chunk that is here, which is then the last to be given up. */
  #touch(chunk: number): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#chunks.get(chunk);
    if (!bytes) return undefined;
    this.#chunks.delete(chunk);
    this.#chunks.set(chunk, bytes);
    return bytes;
  }

  #first(from: number): number {
    return Math.floor(Math.max(0, from) / this.#options.chunkBytes);
  }

  #end(to: number): number {
    return Math.ceil(Math.min(to, this.bytes) / this.#options.chunkBytes);
  }
}

async function joined(
  pieces: AsyncIterable<Uint8Array>,
  { bytes, path }: { readonly bytes: number; readonly path: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const piece of pieces) {
    const room = Math.max(0, bytes - filled);
    whole.set(piece.subarray(0, room), bytes - room);
    filled += piece.length;
  }
  if (filled !== bytes) throw new Error(`${filled} bytes of ${path}, expected ${bytes}`);
  return whole;
}
