import type { AlarmFiguresReply } from '../wire/alarm-figures.ts';

/** How long after the last of it a loss is told, ms. */
const TOLD_MS = 3_600_000;

type Figures = Pick<AlarmFiguresReply, 'watched' | 'refused'> & {
  readonly journal: Pick<AlarmFiguresReply['journal'], 'lost'>;
  readonly outputs: Pick<AlarmFiguresReply['outputs'], 'destinations' | 'unstored'>;
};

/** What is lost of alarms, in words: for an hour after the last of it. Alarms that nobody watches for are told as long as that is so. */
export class AlarmLosses {
  readonly #seen = new Map<string, { readonly count: number; readonly untilMs: number }>();

  /** `monotonicMs` is of a clock that never steps. */
  tell({ watched, refused, journal, outputs }: Figures, monotonicMs: number): string[] {
    const recent = (what: string, count: number, words: string) =>
      this.#isRecent(what, count, monotonicMs) ? [`${count} ${words}`] : [];
    return [
      ...(refused > 0
        ? [`${refused} alarms are not watched for: definitions make ${watched + refused}, at most ${watched} are`]
        : []),
      ...recent('journal', journal.lost, 'entries of the journal of alarms are lost: too many waited for the disk'),
      ...recent('unstored', outputs.unstored, 'messages about alarms could not be kept, and may not be delivered'),
      ...outputs.destinations.flatMap(({ kind, name, dropped, givenUp }) => [
        ...recent(`dropped ${kind} ${name}`, dropped, `messages to ${kind} ${name} are dropped: too many waited`),
        ...recent(`refused ${kind} ${name}`, givenUp, `messages to ${kind} ${name} are given up: it refused them`),
      ]),
    ];
  }

  #isRecent(what: string, count: number, monotonicMs: number): boolean {
    const before = this.#seen.get(what);
    if (count > (before?.count ?? 0)) this.#seen.set(what, { count, untilMs: monotonicMs + TOLD_MS });
    return monotonicMs < (this.#seen.get(what)?.untilMs ?? Number.NEGATIVE_INFINITY);
  }
}
