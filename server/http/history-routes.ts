import { type Request, type Response, Router } from 'express';
import { AppError } from '../base/errors.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { HistoryChannel } from '../trend/history-rows.ts';
import { ARROW_TYPE, type ChannelsReply, type StoredChannel } from '../wire/history.ts';
import { type HistoryQuery, readHistoryQuery } from './history-query.ts';
import { toHistoryReply } from './history-reply.ts';
import type { HistorySource } from './history-source.ts';

export interface HistoryRoutesOptions {
  readonly history: HistorySource;
  /** Channels that devices have opened since the server started, as they are now. */
  readonly opened: () => Iterable<ChannelInfo>;
  /** A channel's label, where the settings give one. */
  readonly labelOf: (channel: string) => string | undefined;
  /** Server clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

export const CHANNELS_PATH = '/api/channels';

// Until so long after its time a point may come late: over a line that was down, or after a disk that was full.
const SETTLED_MS = 3_600_000;
const KEPT_SECONDS = 300;
const NS_A_MS = 1e6;
const RETRY_SECONDS = '1';

/** `GET /api/channels` and `GET /api/channels/:channel/history`. */
export function historyRoutes(options: HistoryRoutesOptions): Router {
  const { history, nowMs } = options;
  const router = Router();

  router.get(CHANNELS_PATH, async (_req, res) => {
    const stored = await history.channels().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'HISTORY_FAILED') return []; // the live ones are there all the same
      throw again(res, error);
    });
    res.set('Cache-Control', 'no-store').json({ channels: listChannels(stored, options) } satisfies ChannelsReply);
  });

  router.get(`${CHANNELS_PATH}/:channel/history`, async (req, res) => {
    const query = readHistoryQuery(req.params.channel, req.query);
    const isArrow = wantsArrow(req, query);
    const rows = await history.query(query, abandonment(res)).catch(whenAgain(res));
    if (res.destroyed) return;
    res.set('Cache-Control', cacheControl(query, nowMs())).vary('Accept');
    if (!isArrow) return void res.json(toHistoryReply(query, rows));
    const { encodeHistoryArrow } = await import('./history-arrow.ts'); // a start does not wait for it
    res
      .attachment(`${query.channel}.arrows`)
      .type(ARROW_TYPE)
      .send(Buffer.from(encodeHistoryArrow(query, rows)));
  });

  return router;
}

/** Rethrows; who is refused for now is told when to ask again. */
export function whenAgain(res: Response): (error: unknown) => never {
  return (error) => {
    throw again(res, error);
  };
}

function again(res: Response, error: unknown): unknown {
  if (error instanceof AppError && error.status === 503) res.set('Retry-After', RETRY_SECONDS);
  return error;
}

/** A range that is settled is the same for a while, whoever of this browser's pages asks; one that reaches the present never is. */
export function cacheControl({ toNs }: Pick<HistoryQuery, 'toNs'>, nowMs: number): string {
  const isSettled = Number(toNs / 1_000_000n) < nowMs - SETTLED_MS;
  return isSettled ? `private, max-age=${KEPT_SECONDS}` : 'no-store';
}

function wantsArrow(req: Request, { format }: HistoryQuery): boolean {
  if (format !== undefined) return format === 'arrow';
  return req.accepts(['application/json', ARROW_TYPE]) === ARROW_TYPE;
}

/** Aborts when the connection ends before the answer is out. */
export function abandonment(res: Response): AbortSignal {
  const abort = new AbortController();
  res.once('close', () => abort.abort(new AppError('HISTORY_BUSY', 'nobody waits for this range any more')));
  return abort.signal;
}

function listChannels(stored: readonly HistoryChannel[], { opened, labelOf }: HistoryRoutesOptions): StoredChannel[] {
  const channels = new Map<string, StoredChannel>();
  for (const { channel: name, unit, rateHz, window, firstNs, lastNs } of stored) {
    const ends = { firstMs: Number(firstNs) / NS_A_MS, lastMs: Number(lastNs) / NS_A_MS };
    channels.set(name, { name, label: labelOf(name) ?? name, unit, rateHz, window, ...ends });
  }
  for (const { channel: name, unit, rateHz, window } of opened()) {
    channels.set(name, { ...channels.get(name), name, label: labelOf(name) ?? name, unit, rateHz, window });
  }
  return [...channels.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
