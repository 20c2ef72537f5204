import type { AlarmState } from '../store/alarms.ts';

/** Says on the tab and on the icon how many alarms wait for somebody, before the names of a page. */
export function showCalling({ counts }: Pick<AlarmState, 'counts'>, names: readonly string[]): void {
  const calling = Object.values(counts).reduce((sum, { unacknowledged }) => sum + unacknowledged, 0);
  const name = [...names, 'Fenestra'].filter(Boolean).join(' · ');
  document.title = calling === 0 ? name : `(${calling}) ${name}`;
  void navigator.setAppBadge?.(calling).catch(() => undefined); // a browser may forbid it
}
