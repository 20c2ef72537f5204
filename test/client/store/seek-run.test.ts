import { describe, expect, it } from 'vitest';
import type { PastQuery } from '../../../client/store/channel-past.ts';
import { seekGravest, seekRun } from '../../../client/store/seek-run.ts';
import type { DiagnosesReply } from '../../../server/wire/diagnosis-history.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const HOUR_MS = 3_600_000;

describe('seeking a run', () => {
  it('finds the first or last one that is wanted, in few questions, however many there are', async () => {
    const random = seededRandom(5);
    for (let round = 0; round < 30; round++) {
      // Half a million stretches of two classes, and one of the third.
      const odd = Math.floor(random() * 500_000);
      const { load, asked } = history((at) => (at === odd || at === odd + 1000 ? '2' : String(at % 2)));

      const from = round % 2 === 0 ? 'begin' : 'end';
      const found = await seekRun(load, { ...WHOLE, from, isWanted: ({ label }) => label === '2' });

      const at = round % 2 === 0 ? odd : odd + 1000;
      expect(Math.floor(found! / STRETCH_MS)).toBe(at);
      expect(asked.length).toBeLessThan(5);
    }
  });

  it('finds one of the gravest, also where there is a single one', async () => {
    const { load } = history((at) => (at === 123_456 ? '1' : at % 2 === 0 ? '2' : '0'));

    const found = await seekGravest(load, WHOLE, ({ label }) => (label === '1' ? 4 : 0));

    expect(Math.floor(found! / STRETCH_MS)).toBe(123_456);
  });

  it('finds the one run that was sure among many that were not', async () => {
    const highest = (at: number) => (at === 300_000 ? 0.9 : 0.4);
    const { load } = history(() => '1', highest);

    const found = await seekGravest(load, WHOLE, (_, { highest = 0 }) => (highest < 0.5 ? 0.4 : 4));

    expect(Math.floor(found! / STRETCH_MS)).toBe(300_000);
  });

  it('finds none where there is none', async () => {
    const { load } = history(() => '0');

    expect(await seekRun(load, { ...WHOLE, from: 'end', isWanted: ({ label }) => label === '1' })).toBeUndefined();
  });
});

const STRETCH_MS = 500;
const COUNT = 502_000;
const WHOLE = { channel: 'etch.1', fromMs: 0, toMs: COUNT * STRETCH_MS } as const;

/** A history of stretches of equal length: spans where few of them lie in the range, else buckets of it. */
function history(labelOf: (at: number) => string, highestOf = (_: number) => 1) {
  const asked: PastQuery[] = [];
  const load = async ({ channel, fromMs, toMs, columns }: PastQuery): Promise<DiagnosesReply> => {
    asked.push({ channel, fromMs, toMs, columns });
    const kinds = ['0', '1', '2'].map((label) => ({ model: 'm', version: '1', outcome: 'class' as const, label }));
    const [first, last] = [Math.floor(fromMs / STRETCH_MS), Math.min(COUNT, Math.ceil(toMs / STRETCH_MS))];
    const all = Array.from({ length: last - first }, (_, i) => first + i);
    const head = { channel, fromMs, toMs, kinds };
    const kind = (at: number) => Number(labelOf(at));
    if (all.length <= columns) {
      const spans = all.map((at) => ({
        kind: kind(at),
        count: 1,
        highest: highestOf(at),
        fromMs: at * STRETCH_MS,
        toMs: (at + 1) * STRETCH_MS,
      }));
      return { ...head, form: 'spans', spans };
    }
    const stepMs = [10_000, 60_000, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS].find((ms) => (toMs - fromMs) / ms <= columns)!;
    const buckets = new Map<number, Map<number, number>>(); // the highest of each kind
    for (const at of all) {
      const begin = Math.floor((at * STRETCH_MS) / stepMs) * stepMs;
      const highest = buckets.get(begin) ?? new Map<number, number>();
      buckets.set(begin, highest.set(kind(at), Math.max(highest.get(kind(at)) ?? 0, highestOf(at))));
    }
    return {
      ...{ ...head, form: 'buckets', stepMs },
      buckets: [...buckets].map(([begin, all]) => ({
        fromMs: begin,
        figures: [...all].map(([kind, highest]) => ({ kind, count: 1, highest })),
      })),
    };
  };
  return { load, asked };
}
