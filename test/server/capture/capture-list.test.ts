import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureList } from '../../../server/capture/capture-list.ts';
import { CaptureQuery } from '../../../server/http/capture-requests.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { captureReply, segmentsWithGaps } from '../../support/capture-files.ts';

const RATE_HZ = 1000;
const TRIGGER_MS = 1_000_000;

// 21 s with its trigger in the middle, of which the seconds 5 to 6 are missing.
const ASKED = { rateHz: RATE_HZ, triggerMs: TRIGGER_MS, triggerSample: 50_000, from: 40_000, to: 61_000 };
const LONG = captureReply({
  ...ASKED,
  id: 'long',
  segments: segmentsWithGaps([5000, 15_000], {
    index: ASKED.from,
    gap: 1000,
    rateHz: RATE_HZ,
    timeMs: TRIGGER_MS - 10_000,
  }),
});

describe('a range of time', () => {
  it.each([
    ['wholly inside', -1000, 1000, true],
    ['that has the end of the recording', 10_500, 60_000, true],
    ['that has the start of the recording', -60_000, -10_000, true],
    ['around all of it', -60_000, 60_000, true],
    ['at one moment of it', 3, 3, true],
    ['before it', -60_000, -10_001, false],
    ['after it', 11_000, 60_000, false],
    ['in a gap of it', -5000, -4001, false],
    ['backwards', 1000, -1000, false],
  ])('%s finds a recording where it has time in common', (_, fromMs, toMs, isFound) => {
    expect(found([LONG], fromMs, toMs)).toEqual(isFound ? ['long'] : []);
  });

  it.each(['recording', 'refused', 'failed'] as const)('finds one that is %s by what was asked for', (state) => {
    const asked = captureReply({ ...ASKED, id: state, state });

    expect(found([asked], -9000, -8000)).toEqual([state]);
    expect(found([asked], -4900, -4100)).toEqual([state]);
    expect(found([asked], 11_000, 12_000)).toEqual([]);
    expect(found([asked], -12_000, -10_001)).toEqual([]);
  });

  it('may have one end only', () => {
    const list = listOf([LONG]);

    expect(list.find({ from: TRIGGER_MS + 10_999, limit: 1 }).total).toBe(1);
    expect(list.find({ from: TRIGGER_MS + 11_000, limit: 1 }).total).toBe(0);
    expect(list.find({ to: TRIGGER_MS - 10_000, limit: 1 }).total).toBe(1);
    expect(list.find({ to: TRIGGER_MS - 10_001, limit: 1 }).total).toBe(0);
  });
});

describe('the order of the list', () => {
  it('is that of the triggers, whenever the recordings were made', () => {
    const list = listOf([
      captureReply({ id: 'replayed', triggerMs: 1, createdMs: 30 }),
      captureReply({ id: 'first', triggerMs: 10, createdMs: 10 }),
      captureReply({ id: 'b-same', triggerMs: 10, createdMs: 20 }),
      captureReply({ id: 'a-same', triggerMs: 10, createdMs: 20 }),
    ]);

    expect(list.find({ limit: 9 }).captures.map(({ id }) => id)).toEqual(['b-same', 'a-same', 'first', 'replayed']);
  });

  it('is kept by its pages, which together are the list, whatever ties and whatever goes meanwhile', () => {
    fc.assert(
      fc.property(captures, fc.integer({ min: 1, max: 5 }), fc.func(fc.boolean()), (all, limit, isRemoved) => {
        const list = listOf(all);
        const whole = list.find({ limit: all.length + 1 });
        const removed = new Set<string>();

        const paged: string[] = [];
        for (let before: string | undefined = ''; before !== undefined; ) {
          const page = list.find(CaptureQuery.parse({ limit: String(limit), ...(before !== '' && { before }) }));
          expect(page.captures.length).toBeLessThanOrEqual(limit);
          paged.push(...page.captures.map(({ id }) => id));
          before = page.older;
          for (const { id } of page.captures.filter(isRemoved)) {
            list.delete(id);
            removed.add(id);
          }
        }

        expect(whole.older).toBeUndefined();
        expect(paged).toEqual(whole.captures.map(({ id }) => id));
        expect(new Set(paged).size).toBe(all.length);
        expect(list.find({ limit: 1 }).total).toBe(all.length - removed.size);
      }),
    );
  });
});

// Few values, so that they tie often.
const few = fc.constantFrom(-1.5, 0, 1e-7, 7, 1_700_000_000_000.125);
const captures = fc.uniqueArray(
  fc.record({ id: fc.stringMatching(/^[a-c0-1-]{1,4}$/), triggerMs: few, createdMs: few }).map(captureReply),
  { selector: ({ id }) => id, maxLength: 20 },
);

function listOf(all: readonly CaptureReply[]): CaptureList {
  const list = new CaptureList();
  for (const capture of all) list.set(capture);
  return list;
}

/** By ms from the trigger. */
function found(all: readonly CaptureReply[], fromMs: number, toMs: number): string[] {
  const { captures } = listOf(all).find({ from: TRIGGER_MS + fromMs, to: TRIGGER_MS + toMs, limit: 9 });
  return captures.map(({ id }) => id);
}
