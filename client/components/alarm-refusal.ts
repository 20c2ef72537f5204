import type { AlarmActTexts } from '../locale/en-alarm-acts.ts';
import type { RefusedAction } from '../store/alarm-desk.ts';

/** Why none of an action was done. */
export function wholeWords({ code, message }: NonNullable<RefusedAction['whole']>, text: AlarmActTexts): string {
  const known: Readonly<Record<string, string>> = text.refusedWhole;
  return known[code] ?? text.notDoneWhy(message);
}
