import type { PartialFile } from '../../client/waveform/partial-file.ts';

/** A file that is here from the beginning, handed out in parts that fit nothing. */
export class MemoryFile implements PartialFile {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #partBytes: number;
  /** Bytes that were asked for. */
  loaded = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, partBytes = 4096) {
    this.#bytes = bytes;
    this.#partBytes = partBytes;
  }

  has(): boolean {
    return true;
  }

  *held(from: number, to: number) {
    const end = Math.min(to, this.#bytes.length);
    for (let at = from; at < end; ) {
      const next = Math.min(end, (Math.floor(at / this.#partBytes) + 1) * this.#partBytes);
      yield { from: at, bytes: this.#bytes.subarray(at, next) };
      at = next;
    }
  }

  async load(from: number, to: number): Promise<void> {
    this.loaded += to - from;
  }
}
