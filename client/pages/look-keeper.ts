import type { FleetStore } from '../store/fleet-store.ts';
import type { HistoryStore } from '../store/history-store.ts';
import { LookingBack } from '../store/looking-back.ts';
import { readLook, writeLook } from './look-address.ts';
import { LookChangeEvent, REST_MS } from './look-change.ts';

/** Keeps what a channel's page shows and what its address says the same. */
export class LookKeeper {
  readonly #onChange: (event?: LookChangeEvent) => void;
  #looking: LookingBack | undefined;
  #address = { query: '', windowMs: 0 };
  #told: string | undefined; // what the address was to become, until it comes back as such
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onChange` is called with every change of what is shown, and with an event once the address should follow. */
  constructor(onChange: (event?: LookChangeEvent) => void) {
    this.#onChange = onChange;
  }

  /** Throws before `begin`. */
  get looking(): LookingBack {
    if (!this.#looking) throw new Error('read before begin');
    return this.#looking;
  }

  /** Shows another channel, as the address says. */
  begin(
    name: string,
    stores: { readonly fleet: FleetStore; readonly history: HistoryStore },
    address: { readonly query: string; readonly windowMs: number },
  ): void {
    this.close();
    this.#address = address;
    const look = { ...readLook(address.query, address.windowMs, name), cursorMs: undefined };
    this.#looking = new LookingBack(name, { ...stores, look });
    this.#stop = this.#looking.subscribe(() => this.#note());
  }

  /** The address changed, by a step back or forward or by what was shown. */
  follow(query: string): void {
    this.#address = { ...this.#address, query };
    const isOwn = this.#told === this.#addressed;
    this.#told = undefined;
    if (isOwn) {
      this.#write(); // it comes back a frame later: somebody may have moved on since
      return;
    }
    if (this.#isWritten) return;
    const { looking } = this;
    const { view, others, layout, run } = readLook(query, this.#address.windowMs, looking.name);
    looking.compare({ others, layout });
    looking.openRun(run);
    looking.show(view);
  }

  close(): void {
    this.#stop?.();
    this.#looking?.close();
    clearTimeout(this.#timer);
  }

  #note(): void {
    this.#onChange();
    this.#write();
  }

  // Once what is shown has rested, and only where the address does not say so already.
  #write(): void {
    clearTimeout(this.#timer);
    if (this.#isWritten) return;
    this.#timer = setTimeout(() => {
      this.#told = this.#shown;
      this.#onChange(new LookChangeEvent(this.#shown));
    }, REST_MS);
  }

  get #isWritten(): boolean {
    return this.#addressed === this.#shown;
  }

  get #shown(): string {
    return writeLook(this.looking.value, this.looking.name);
  }

  /** The address as it would be written. */
  get #addressed(): string {
    const { query, windowMs } = this.#address;
    const { name } = this.looking;
    return writeLook({ ...readLook(query, windowMs, name), cursorMs: undefined }, name);
  }
}
