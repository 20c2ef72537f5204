import type { Fetch } from './request.ts';

// A line that gives nothing for so long is taken for dead. One that is slow may take longer for all of a part.
const SILENCE_MS = 10_000;

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

  async #fetch(from: number, to: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { path, fetch } = this.#options;
    const silence = new Silence();
    try {
      const response = await fetch(path, {
        headers: { range: `bytes=${from}-${to - 1}` },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (response.status !== 206) throw new Error(`status ${response.status} for a part of ${path}, expected 206`);
      return await readBody(response, { bytes: to - from, path, silence });
    } finally {
      silence.close();
    }
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

async function readBody(
  { body }: Response,
  { bytes, path, silence }: { readonly bytes: number; readonly path: string; readonly silence: Silence },
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(bytes);
  const reader = body?.getReader();
  let filled = 0;
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    silence.broken();
    const room = Math.max(0, bytes - filled);
    whole.set(piece.value.subarray(0, room), bytes - room);
    filled += piece.value.length;
  }
  if (filled !== bytes) throw new Error(`${filled} bytes of ${path}, expected ${bytes}`);
  return whole;
}

/** Aborts its signal once nothing has broken it for ten seconds. */
class Silence {
  readonly #abort = new AbortController();
  #timer = this.#start();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#abort.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  }
}
