import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import { type TrendWindow, WindowFlag } from '../trend/trend-window.ts';
import type { ToldDiagnosis } from '../wire/diagnoses.ts';
import type { Channel, ChannelPulse } from '../wire/events.ts';
import type { WindowRing } from './window-ring.ts';

/** What the settings say of a channel. */
export interface ChannelSetting {
  readonly label?: string | undefined;
  readonly unit?: string | undefined;
  readonly normal?: readonly [number, number] | undefined;
  readonly digits?: number | undefined;
  readonly model?: string | undefined;
}

/** What the newest run of a channel came to. */
export interface NewestDiagnosis {
  readonly run: ToldDiagnosis;
  /** Counts the diagnoses of all channels. */
  readonly number: number;
  readonly text: string;
}

/** A merged row that nothing was added to for so long is handed out as it is, */
const SILENCE_MS = 1000;
/** or for so many windows, where windows are longer than that. */
const SILENT_WINDOWS = 3;

/** One channel as the hub knows it: what it is, its newest windows and its account. */
export class HubChannel {
  /** Stands for it in frames. */
  readonly number: number;
  readonly ring: WindowRing;
  diagnosis: NewestDiagnosis | undefined;
  readonly #setting: ChannelSetting;
  #info: ChannelInfo;
  #ledger: LedgerEntry | undefined;
  #newest: TrendWindow | undefined;
  #pushedAt = 0; // monotonic ms
  #pulseText = '';
  #hasNewPulse = false;

  constructor(number: number, info: ChannelInfo, ring: WindowRing, setting: ChannelSetting) {
    this.number = number;
    this.ring = ring;
    this.#info = info;
    this.#setting = setting;
  }

  get name(): string {
    return this.#info.channel;
  }

  get windowsPerSecond(): number {
    return this.#info.rateHz / this.#info.window;
  }

  /** Samples a window. */
  get window(): number {
    return this.#info.window;
  }

  set info(info: ChannelInfo) {
    this.#info = info;
  }

  set ledger(entry: LedgerEntry) {
    this.#ledger = entry;
  }

  push(window: TrendWindow, monotonicMs: number): void {
    this.ring.push(window);
    this.#newest = window;
    this.#pushedAt = monotonicMs;
  }

  /** Whether the row that the newest window lies in must not wait for more: the stream ended, or nothing comes. */
  isSilent(monotonicMs: number): boolean {
    const newest = this.#newest;
    if (newest === undefined) return false;
    if (newest.flags & WindowFlag.Partial) return true;
    const windowMs = (newest.size / newest.rateHz) * 1000;
    return monotonicMs - this.#pushedAt > Math.max(SILENCE_MS, SILENT_WINDOWS * windowMs);
  }

  describe(): Channel {
    const { label, unit, normal, digits, model } = this.#setting;
    const { channel, rateHz, window, datatype, description, hardware } = this.#info;
    return {
      name: channel,
      label: label ?? channel,
      unit: unit ?? this.#info.unit,
      ...(normal && { normal }),
      ...(digits !== undefined && { digits }),
      rateHz,
      window,
      datatype,
      description,
      hardware,
      ...(model !== undefined && { model }),
    };
  }

  /** Whether its device is connected. */
  get isLive(): boolean {
    return this.#ledger?.live ?? false;
  }

  /** Its entry in a heartbeat, as it was when last taken. */
  get pulseText(): string {
    return this.#pulseText;
  }

  /** Whether that was another than the time before. */
  get hasNewPulse(): boolean {
    return this.#hasNewPulse;
  }

  /** Takes down how it is now, once for every heartbeat. */
  takePulse(): void {
    const text = JSON.stringify(this.#pulse());
    this.#hasNewPulse = text !== this.#pulseText;
    this.#pulseText = text;
  }

  #pulse(): ChannelPulse {
    const newest = this.#newest;
    const ledger = this.#ledger;
    return {
      name: this.name,
      next: this.ring.next,
      ...(newest && { newestNs: String(endNs(newest)), arrivedMs: newest.arrivedMs }),
      ...(newest && this.#setting.model !== undefined && { streamNs: String(streamNs(newest)) }),
      live: this.isLive,
      received: ledger?.received ?? 0,
      missing: ledger?.missing ?? 0,
      gaps: ledger?.gaps ?? 0,
    };
  }
}

function streamNs({ timeNs, index, size, rateHz }: TrendWindow): bigint {
  return timeNs - BigInt(Math.round(((index * size) / rateHz) * 1e9));
}

function endNs({ timeNs, size, rateHz }: TrendWindow): bigint {
  return timeNs + BigInt(Math.round((size / rateHz) * 1e9));
}
