import { describe, expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { pinnedWords, retentionWords } from '../../../server/history/retention-words.ts';

describe('retentionWords', () => {
  it('says what the limits mean in bytes a day, from what rows have taken', () => {
    const words = retentionWords(Config.parse({}).history, [{ tier: 0, rows: 1000, bytes: 20_000, pinnedBytes: 0 }]);

    expect(words).toHaveLength(8);
    expect(words[0]).toBe('tier 0, rows of 5 ms: 30 days or 200 GB; 346 MB a day, 10.4 GB in all, a channel');
    expect(words[3]).toBe('tier 3, rows of 5 s: 3660 days or 10 GB; about 432 kB a day, 1.58 GB in all, a channel');
    expect(words[7]).toBe('tier 7, rows of 13.9 h: 3660 days or 10 GB; about 43.2 B a day, 158 kB in all, a channel');
  });

  it('says what captures keep beside a limit, and of which tiers they keep more than that', () => {
    const { history } = Config.parse({});
    const finest = { tier: 0, rows: 1000, bytes: 20_000, pinnedBytes: 1000 };
    const coarse = { tier: 7, rows: 1000, bytes: 30e9, pinnedBytes: 11e9 };

    const words = retentionWords(history, [finest, coarse]);
    expect(words[0]).toMatch('30 days or 200 GB, and 1 kB that captures refer to; ');
    expect(words[1]).toMatch('180 days or 40 GB; ');
    expect(pinnedWords(history, [finest, coarse])).toEqual([
      'tier 7: captures refer to 11 GB, beside the limit of 10 GB',
    ]);
  });
});
