import { describe, expect, it } from 'vitest';
import { Locale } from '../../../client/locale/locale.ts';
import { historyFigures, historyLosses, storageProblems } from '../../../client/pages/system-figures.ts';
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

  it('says why something is not kept, and nothing while all is', () => {
    const problem = 'no space left on the device';
    const history = { ...REPLY.history, problem, clockDoubt: 'the clock is 40 days ahead' };

    expect(storageProblems(REPLY, locale)).toEqual([]);
    expect(storageProblems({ ...REPLY, history, recording: { ...REPLY.recording, problem } }, locale)).toEqual([
      'History: no space left on the device',
      'History: the clock is 40 days ahead',
      'Captures: no space left on the device',
    ]);
  });

  it('says in a sentence what was lost', () => {
    const lossesOf = (part: Partial<typeof REPLY.history>) =>
      historyLosses({ ...REPLY, history: { ...REPLY.history, ...part } }, locale);

    expect(lossesOf({})).toBe('The history has lost nothing.');
    expect(lossesOf({ givenUpRows: 1200, holeWindows: 7 })).toBe(
      'The history gave up 1,200 windows that could not be written in time; 7 of them may still be sent again.',
    );
    expect(lossesOf({ damagedFiles: 1, damagedRows: 0 })).toContain('1 damaged file of the history is in quarantine');
    expect(lossesOf({ state: 'off' })).toBe('The history is off: nothing is kept.');
  });
});
