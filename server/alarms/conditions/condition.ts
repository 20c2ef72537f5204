import type { Diagnosis } from '../../trend/diagnosis.ts';
import type { LedgerEntry } from '../../trend/ledger.ts';
import { type TrendWindow, WindowFlag } from '../../trend/trend-window.ts';
import type { AlarmFinding, SystemFigure } from '../../wire/alarms.ts';

/** A channel from which nothing came for so long has stopped, unless its windows are that long. */
export const STOPPED_MS = 3000;

/** Whether a condition is present; undefined where there is nothing new to say of it. */
export type Verdict = boolean | undefined;

/** What a condition takes from the settings of its channel. */
export interface ConditionChannel {
  /** Low and high, in the channel's unit. */
  readonly normal?: readonly [number, number] | undefined;
}

interface Found {
  /** What was found when it was last seen to hold; of use while it is present. All numbers are finite. */
  readonly finding: AlarmFinding;
  /** Sample clock, ns since 1970 UTC: of the first sample that shows it, where one does. */
  readonly beganNs: bigint | undefined;
}

/**
 * What judges one alarm's condition: a state machine that knows no clock but
 * what it is fed with. `input` says what that is: windows, diagnoses or
 * ledger entries of the channel, a figure of the server, or silence, which is
 * told by windows and by ticks. `nowMs` is time that the server has listened,
 * as `ListenedTime` has it.
 */
export type Condition =
  | (Found & { readonly input: 'window'; take(window: TrendWindow): Verdict })
  | (Found & { readonly input: 'diagnosis'; take(diagnosis: Diagnosis): Verdict })
  | (Found & { readonly input: 'ledger'; take(entry: LedgerEntry, nowMs: number): Verdict })
  | (Found & { readonly input: 'figure'; readonly figure: SystemFigure; take(value: number): Verdict })
  | (Found & { readonly input: 'silence'; take(window: TrendWindow): Verdict; tick(nowMs: number): Verdict });

/**
 * Whether the figures of a window are of measured light: not of one without a
 * finite sample, or that the device calls invalid. Nothing is judged by such
 * a window. Figures of one with gaps hold for what arrived.
 */
export function isMeasured({ summary, flags }: TrendWindow): boolean {
  return summary.count > 0 && (flags & WindowFlag.Invalid) === 0;
}

/** The nearest number that JSON can tell. */
export function toFinite(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
