import type { AlarmKpiReply, KpiPeriod } from '../../server/wire/alarm-kpi.ts';
import type { AlarmJournalReply } from '../../server/wire/alarm-search.ts';
import { type Fetch, requestJson } from './request.ts';

const PATH = '/api/alarms';

/** Which entries are asked for; what is left out or empty is not restricted. */
export interface JournalFilter {
  /** Server clock, ms since 1970 UTC. */
  readonly from?: string;
  readonly to?: string;
  /** With `*` for any characters. */
  readonly tag?: string;
  /** Several with commas between, as the next two. */
  readonly event?: string;
  readonly state?: string;
  readonly priority?: string;
  readonly person?: string;
  readonly search?: string;
}

export interface JournalQuery extends JournalFilter {
  readonly before?: string;
  readonly after?: string;
  readonly limit?: string;
}

/** REST of what alarms did. All reject as `requestJson`. */
export class AlarmJournalClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  entries(query: JournalQuery, signal?: AbortSignal): Promise<AlarmJournalReply> {
    return requestJson(this.#fetch, withQuery(`${PATH}/journal`, { ...query }), { signal });
  }

  /** Figures of the period that a moment lies in: now where it is left out. */
  kpi(period: KpiPeriod, atMs: number | undefined, signal?: AbortSignal): Promise<AlarmKpiReply> {
    const at = atMs === undefined ? undefined : String(atMs);
    return requestJson(this.#fetch, withQuery(`${PATH}/kpi`, { period, at }), { signal });
  }
}

/** Where the entries are saved from, as a table. */
export function journalTablePath(filter: JournalFilter): string {
  return withQuery(`${PATH}/journal.csv`, { ...filter });
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const written = new URLSearchParams(given as [string, string][]).toString();
  return written === '' ? path : `${path}?${written}`;
}
