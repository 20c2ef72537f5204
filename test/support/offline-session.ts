import type { Clock } from '../../server/base/clock.ts';
import { openWindower } from '../../server/compute/open-windower.ts';
import { Channels } from '../../server/ingest/channels.ts';
import type { Link } from '../../server/ingest/link.ts';
import { PayloadRoom } from '../../server/ingest/payload-room.ts';
import { TIMEOUTS } from '../../server/ingest/protocol.ts';
import { Session } from '../../server/ingest/session.ts';
import type { KernelModule } from '../../server/kernels/module.ts';
import type { ChannelInfo } from '../../server/trend/channel-info.ts';
import type { LedgerEntry } from '../../server/trend/ledger.ts';
import type { TrendWindow } from '../../server/trend/trend-window.ts';

/** When everything arrives, ms since 1970 UTC. */
export const ARRIVED_MS = 1_700_000_000_000;

export interface OfflineOptions {
  /** Takes what else would be kept in `windows`. */
  readonly emit?: (window: TrendWindow) => void;
  readonly onOpen?: (info: ChannelInfo) => void;
  /** Stands still where it is not given. */
  readonly clock?: Clock;
}

/** Ingest and compute without sockets, for tests that try very many inputs. */
export class OfflineIngest {
  readonly windows: TrendWindow[] = [];
  /** Codes that sessions ended with. */
  readonly codes: string[] = [];
  readonly #channels: Channels;
  readonly #room = new PayloadRoom();
  readonly #clock: Clock;
  #unnamed = 0;

  constructor(module: KernelModule, options: OfflineOptions = {}) {
    const { emit = (window) => this.windows.push(window), onOpen = () => {}, clock = STANDING } = options;
    this.#clock = clock;
    this.#channels = new Channels({
      listed: {},
      listedOnly: false,
      channelLimit: 32,
      window: 50_000,
      clock,
      openSink: openWindower({ module, emit }),
      nameStream: () => `unnamed ${this.#unnamed++}`,
      onOpen,
    });
  }

  /** `link` takes what the server answers; it is thrown away where nobody does. */
  connect(link: Partial<Link> = {}): Session {
    let readBytes = 0;
    const session = new Session({
      channels: this.#channels,
      clock: this.#clock,
      timeouts: TIMEOUTS,
      creditBytes: 1 << 20,
      address: 'offline',
      room: this.#room,
      link: Object.defineProperty({ ...DEAF, ...link }, 'readBytes', { get: () => readBytes }),
      onError: (code) => this.codes.push(code),
    });
    session.push = (chunk) => {
      readBytes += chunk.length;
      const taken = Session.prototype.push.call(session, chunk);
      readBytes -= chunk.length - taken; // comes again
      return taken;
    };
    return session;
  }

  ledger(): LedgerEntry[] {
    return this.#channels.ledger();
  }
}

/** Gives `bytes` to `session` in pieces that end at `cuts`. */
export function pushCut(session: Session, bytes: Buffer, cuts: readonly number[]): void {
  let at = 0;
  for (const cut of [...cuts.filter((it) => it < bytes.length)].sort((a, b) => a - b)) {
    if (cut > at) session.push(bytes.subarray(at, cut));
    at = Math.max(at, cut);
  }
  if (at < bytes.length) session.push(bytes.subarray(at));
}

const DEAF: Link = {
  write: () => {},
  finish: () => {},
  pause: () => {},
  resume: () => {},
  backlogBytes: 0,
  readBytes: 0,
};
const STANDING: Clock = { nowMs: () => ARRIVED_MS, monotonicMs: () => 1000 };
