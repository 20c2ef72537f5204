import { describe, expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import {
  alarmFigures,
  historyFigures,
  historyLosses,
  processFigures,
  recordingFigures,
  retentionColumns,
  retentionRows,
  storageProblems,
} from '../../../client/pages/system-figures.ts';
import { scene } from '../../support/scenes.ts';

const REPLY = scene('one').system!;
const locale = new Locale('en', 'Asia/Seoul');

describe('history on the system page', () => {
  it('has a figure of everything that is read from it', () => {
    const figures = new Map(historyFigures(REPLY, locale).map(([name, figure]) => [name, figure]));

    expect(figures.get(locale.text.windowsStored)).toBe('1,600/s');
    expect(figures.get(locale.text.historyState)).toBe('kept');
    expect([...figures.values()].every((figure) => typeof figure === 'string' && figure !== '')).toBe(true);
  });

  it('says how long each tier is kept, and what that comes to in bytes a day', () => {
    const rows = retentionRows(REPLY, locale).map((row) => row.join(' | ').replaceAll('\u202f', ' '));

    expect(rows).toHaveLength(8);
    expect(rows[0]).toBe('5 ms | 30 d | 200 GB | 190 MB | 19.0 MB | 432 MB | 13.0 GB');
    expect(rows[2]).toBe('500 ms | 2.01 y | 20.0 GB | 1.90 MB | 190 kB | 4.32 MB | 3.16 GB');
    expect(rows[7]).toBe('13.9 h | 10 y | 10.0 GB | 19 B | 1.9 B | 43.2 B | 158 kB');
    expect(retentionColumns(locale)).toHaveLength(7);
  });

  it('says how much of raw samples there is in memory and on the disk', () => {
    const figures = new Map(recordingFigures(REPLY, locale).map(([name, figure]) => [name, figure]));

    expect(figures.get(locale.text.rings)).toMatch(/B$/);
    expect([...figures.values()].every((figure) => typeof figure === 'string' && figure !== '')).toBe(true);
    const none = { ...REPLY, recording: { ...REPLY.recording, rings: [] } };
    expect(recordingFigures(none, locale)[1][1]).toBe('–');
  });

  it('says how many alarms there are, and how their journal does', () => {
    const figures = new Map(alarmFigures(REPLY, locale).map(([name, figure]) => [name, figure]));

    expect(figures.get(locale.text.alarmsHidden)).toBe('1');
    expect(figures.get(locale.text.alarmJournalBytes)).toMatch(/B$/);
    expect([...figures.values()].every((figure) => typeof figure === 'string' && figure !== '')).toBe(true);
  });

  it('says why something is not kept, and nothing while all is', () => {
    const problem = 'no space left on the device';
    const history = { ...REPLY.history, problem, clockDoubt: 'the clock is 40 days ahead' };

    expect(storageProblems(REPLY, locale)).toEqual([]);
    const alarms = { ...REPLY.alarms, journal: { ...REPLY.alarms.journal, problem } };
    expect(storageProblems({ ...REPLY, history, alarms, recording: { ...REPLY.recording, problem } }, locale)).toEqual([
      'History: no space left on the device',
      'History: the clock is 40 days ahead',
      'Captures: no space left on the device',
      'Alarms: no space left on the device',
    ]);
  });

  it('says what waits for each output of alarms, and which hears nothing', () => {
    const counts = {
      waiting: 3,
      oldestSeconds: 9,
      delivered: 5,
      failed: 4,
      refused: 0,
      givenUp: 0,
      superseded: 0,
      dropped: 0,
    };
    const output = { name: 'ops', kind: 'webhook', ...counts, isFailing: true, problem: 'it answers 500' } as const;
    const mail = { ...output, name: 'mail', kind: 'mail', isFailing: false } as const;
    const outputs = { ...REPLY.alarms.outputs, destinations: [output, mail] };
    const reply = { ...REPLY, alarms: { ...REPLY.alarms, outputs } };

    expect(alarmFigures(reply, locale).slice(-2)).toEqual([
      ['webhook ops', '3 waiting, 5 delivered'],
      ['mail', '3 waiting, 5 delivered'],
    ]);
    expect(storageProblems(reply, locale)).toEqual(['Alarms do not reach webhook ops: it answers 500']);
  });

  it('says where captures keep more of the history than its limit', () => {
    const [finest, ...rest] = REPLY.history.tiers;
    const history = { ...REPLY.history, tiers: [{ ...finest!, pinnedBytes: 201e9 }, ...rest] };

    expect(storageProblems({ ...REPLY, history }, locale).map((line) => line.replaceAll('\u202f', ' '))).toEqual([
      'Captures keep 201 GB of the history in rows of 5 ms, beside the limit of 200 GB: captures that are deleted make room.',
    ]);
  });

  it('says in a sentence what was lost', () => {
    const lossesOf = (part: Partial<typeof REPLY.history>) =>
      historyLosses({ ...REPLY, history: { ...REPLY.history, ...part } }, locale);

    expect(lossesOf({})).toBe('The history has lost nothing.');
    expect(lossesOf({ givenUpRows: 1200, holeWindows: 7 })).toBe(
      'Since the start the history gave up 1,200 windows that could not be written in time. It still lacks 7 windows ' +
        'that devices may have kept: they are asked to send them again, and each that comes is stored.',
    );
    expect(lossesOf({ holeWindows: 7 })).toMatch(/^It still lacks 7 windows/); // of before the start
    expect(lossesOf({ damagedFiles: 1, damagedRows: 1200 })).toBe(
      '1 file of the history had damage: 1,200 rows are known to be lost.',
    );
    expect(lossesOf({ damagedFiles: 2, damagedRows: 0, damagedUncounted: 1 })).toContain(
      '0 rows are known to be lost, and of 1 of the files nobody can tell how many.',
    );
    expect(lossesOf({ state: 'off' })).toBe('The history is off: nothing is kept.');
  });
});

describe('who may act, on the system page', () => {
  it('is shown where there is something to show', () => {
    const shown = (parts: Partial<typeof REPLY.access>) =>
      processFigures({ ...REPLY, access: { ...REPLY.access, ...parts } }, locale).slice(3, -3);

    expect(shown({})).toEqual([]);
    const certificate = { names: ['a'], untilMs: 0, daysLeft: 20 };
    expect(shown({ sessions: 3, wrongSecrets: 1, guessesRefused: 4, certificate })).toEqual([
      [locale.text.operators, '3'],
      [locale.text.wrongSecrets, '5'],
      [locale.text.certificateLeft, locale.window(20 * 86_400_000)],
    ]);
    const expired = { ...certificate, daysLeft: -1 };
    expect(shown({ certificate: expired })).toEqual([[locale.text.certificateLeft, locale.window(0)]]);
  });
});
