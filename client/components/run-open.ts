import type { TimeRange } from '../store/time-view.ts';

/** What somebody wants to look at: the run that speaks for a moment, or of many runs in a stretch one of the gravest. */
export type WantedRun = { readonly kind: 'at'; readonly timeMs: number } | ({ readonly kind: 'gravest' } & TimeRange);

/** Somebody wants to see a run of a channel. */
export class RunOpenEvent extends Event {
  readonly channel: string;
  readonly run: WantedRun;

  constructor(channel: string, run: WantedRun) {
    super('fen-run-open', { bubbles: true, composed: true });
    this.channel = channel;
    this.run = run;
  }
}

declare global {
  interface HTMLElementEventMap {
    'fen-run-open': RunOpenEvent;
  }
}
