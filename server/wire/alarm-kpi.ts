// Figures of how alarms do, as `GET /api/alarms/kpi` answers them. What each
// means is ISA-18.2 / IEC 62682, after EEMUA 191. All count alarms that were
// annunciated, by the server's clock; all can be counted again from the journal
// as CSV, as `server/alarms/README.md` says.

import type { AlarmPriority } from './alarms.ts';

export const KPI_PERIODS = ['hour', 'shift', 'day'] as const;
export type KpiPeriod = (typeof KPI_PERIODS)[number];

/** The series counts by so long, from where the period begins, ms. */
export const KPI_STEP_MS = 600_000;

/** What is good, as the guides have it. Shares are of 1. */
export const KPI_GUIDES = {
  /** Annunciated in ten minutes, at the mean. */
  rate: 1,
  peak: 10,
  flood: 0.01,
  /** Fewer than so many. */
  stale: 5,
  topTen: 0.05,
  /** A critical one less than so often; the others about so. */
  mix: { critical: 0.01, high: 0.05, medium: 0.15, low: 0.8 } satisfies Record<AlarmPriority, number>,
} as const;

/** Bad actors, chattering, fleeting and stale alarms that are named; those beyond are counted. */
export const KPI_LISTED = 50;

/** An alarm in a list. */
export interface KpiAlarm {
  readonly tag: string;
  readonly definition: string;
  readonly channel?: string;
  readonly priority: AlarmPriority;
}

/** A list, the worst first, and how many it would have. */
export interface KpiList<T> {
  readonly total: number;
  readonly alarms: readonly (KpiAlarm & T)[];
}

/** A flood, with its ends where they lie outside the period too. */
export interface KpiFlood {
  readonly beginMs: number;
  /** Left out while it lasts. */
  readonly endMs?: number;
  /** Most in ten minutes. */
  readonly peak: number;
  /** The first of those that made it a flood. */
  readonly firstOut: KpiAlarm;
}

/** Figures of an hour, a shift or a day. Times are ms since 1970 UTC. */
export interface AlarmKpiReply {
  readonly period: KpiPeriod;
  readonly beginMs: number;
  readonly endMs: number;
  /** So far it is counted: its end, or now. */
  readonly untilMs: number;
  /** From when on the journal is known: later than the period begins where what was before is gone, or was too much to read. */
  readonly knownFromMs?: number;
  readonly annunciated: number;
  /** In the ten minutes that end at `untilMs`. */
  readonly recent: number;
  /** Mean of ten minutes; left out in an empty period. */
  readonly rate?: number;
  /** By ten minutes from the begin of the period. */
  readonly series: readonly number[];
  /** Most in any ten minutes that end in the period. */
  readonly peak: number;
  /** Share of the time that was a flood, 0 to 1, and each that lasted in the period. */
  readonly flood: { readonly share: number; readonly floods: readonly KpiFlood[]; readonly total: number };
  readonly chattering: KpiList<{
    /** Most in one minute. */
    readonly peak: number;
    readonly count: number;
  }>;
  readonly fleeting: KpiList<{ readonly count: number }>;
  readonly stale: KpiList<{
    /** Since when it stood; until when, where that is over. */
    readonly sinceMs: number;
    readonly goneMs?: number;
  }>;
  /** The most frequent; shares are of all annunciated. */
  readonly actors: KpiList<{ readonly count: number; readonly share: number; readonly cumulative: number }>;
  /** Of the ten most frequent; left out where there was none, as the next. */
  readonly topTenShare?: number;
  readonly priorities: Readonly<Record<AlarmPriority, number>>;
  readonly acknowledge: {
    /** Acknowledged within a day, and not. */
    readonly acknowledged: number;
    readonly waiting: number;
    readonly medianMs?: number;
    /** So long or shorter for nine of ten. */
    readonly p90Ms?: number;
  };
}
