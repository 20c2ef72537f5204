import { toPlainText } from '../locale/plain-text.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { HistoryStore } from '../store/history-store.ts';
import type { Layout } from '../store/looking-back.ts';

/** A channel on a time axis, whether its device is there or not. */
export interface ShownLine {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly normal: readonly [low: number, high: number] | undefined;
  readonly digits: number | undefined;
  /** Its device is, or was, there since the server started: there may be raw samples. */
  readonly isLive: boolean;
  /** One letter that stands for it beside others. */
  readonly sign: string;
}

const SIGNS = 'ABCDEFGH';

/** What is known of channels by their names, live ones first asked; unknown ones are called by their name. */
export function shownLines(names: readonly string[], fleet: FleetStore, history: HistoryStore): ShownLine[] {
  return names.map((name, i) => {
    const live = fleet.find(name)?.value.channel;
    const stored = history.value.channels.get(name);
    return {
      name,
      label: live?.label ?? (toPlainText(stored?.label ?? '') || name),
      unit: live?.unit ?? toPlainText(stored?.unit ?? ''),
      normal: live?.normal,
      digits: live?.digits,
      isLive: live !== undefined,
      sign: SIGNS[i] ?? '',
    };
  });
}

/** Which lines share a plot: one each in a stack; else those of one unit, so that each axis means one thing. */
export function panesOf(lines: readonly ShownLine[], layout: Layout): readonly (readonly ShownLine[])[] {
  if (layout === 'stack') return lines.map((line) => [line]);
  const units = [...new Set(lines.map(({ unit }) => unit))];
  return units.map((unit) => lines.filter((line) => line.unit === unit));
}

/** Which line of a plot lies on top: the raised one, else the first. */
export function raisedOf(pane: readonly ShownLine[], raised: string | undefined): number {
  return Math.max(
    0,
    pane.findIndex(({ name }) => name === raised),
  );
}

/** Every channel there is, live ones first, but for one. */
export function comparable(but: string, fleet: FleetStore, history: HistoryStore): ShownLine[] {
  const live = fleet.value.channels.map(({ name }) => name);
  const names = new Set([...live, ...history.value.channels.keys()]);
  names.delete(but);
  return shownLines([...names], fleet, history);
}
