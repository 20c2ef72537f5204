import { describe, expect, it } from 'vitest';
import { AlarmStore } from '../../../client/store/alarms.ts';
import { QuietSince } from '../../../client/store/quiet-since.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { alarmReply } from '../../support/alarm-replies.ts';

const NOW_MS = 5000;

describe('since when it is quiet', () => {
  it.each([
    ['cleared', { event: 'clear', state: 'normal' }, true],
    ['cleared, not acknowledged', { event: 'clear', state: 'rtn-unacknowledged' }, false],
    ['acknowledged after it cleared', { event: 'acknowledge', state: 'normal' }, true],
    ['acknowledged', { event: 'acknowledge', state: 'acknowledged' }, false],
    ['cleared while it was hidden', { event: 'clear', state: 'normal', hidden: ['shelved'] }, false],
    ['shelved', { event: 'shelve', state: 'acknowledged', hidden: ['shelved'] }, true],
    ['shelved while it was normal', { event: 'shelve', state: 'normal', hidden: ['shelved'] }, false],
    [
      'shelved while it was hidden',
      { event: 'shelve', state: 'acknowledged', hidden: ['suppressed-by-design', 'shelved'] },
      false,
    ],
    ['removed', { event: 'remove', state: 'unacknowledged' }, true],
  ] as const)('is when an alarm was %s, or not', async (_what, given, isEnd) => {
    const { quiet, alarms } = make([
      alarmEntry({ ...given, atMs: 3000 }),
      alarmEntry({ event: 'clear', state: 'normal', atMs: 1000 }),
    ]);
    alarms.take({ type: 'alarms', snapshot: 'last', alarms: [] });
    await settled();
    expect(quiet.value).toBe(isEnd ? 3000 : 1000);
  });

  it('is now where the last alarm goes before the page, and nothing while one is there', async () => {
    const { quiet, alarms } = make([]);
    alarms.take({ type: 'alarms', snapshot: 'last', alarms: [alarmReply()] });
    await settled();
    expect(quiet.value).toBeUndefined();
    alarms.take({ type: 'alarms', alarms: [{ ...alarmReply(), state: 'normal', version: 9 }] });
    expect(quiet.value).toBe(NOW_MS);
    alarms.take({ type: 'alarms', alarms: [{ ...alarmReply(), occurrence: 2, version: 10 }] });
    expect(quiet.value).toBeUndefined();
  });

  it('is not known where the journal cannot be asked', async () => {
    const { quiet, alarms } = make(undefined);
    alarms.take({ type: 'alarms', snapshot: 'last', alarms: [] });
    await settled();
    expect(quiet.value).toBeUndefined();
  });
});

function make(entries: readonly AlarmEntry[] | undefined): { readonly quiet: QuietSince; readonly alarms: AlarmStore } {
  const alarms = new AlarmStore();
  const ask = () => (entries === undefined ? Promise.reject(new Error('no line')) : Promise.resolve({ entries }));
  return { alarms, quiet: new QuietSince({ alarms, nowMs: () => NOW_MS, entries: ask }) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
