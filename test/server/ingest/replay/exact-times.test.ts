import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../../../server/ingest/replay/open-source.ts';
import { StreamClock } from '../../../../server/ingest/stream-clock.ts';
import { formatTime } from '../../../../server/sigmf/time.ts';
import { Folder } from '../../../support/folder.ts';
import { runs } from '../../../support/runs.ts';

const RATES = [0.1, 44_100, 48_000, 96_000, 3e6, 1e7 / 3];
const SAMPLES = new Int16Array(10);
const folder = new Folder();

describe('a recording that says what its times were reckoned from', () => {
  it('is replayed under the same times to the ns, whatever the rate and the first sample', async () => {
    const rate = fc.oneof(fc.constantFrom(...RATES), fc.double({ min: 1, max: 1e9, noNaN: true }));
    const index = fc.integer({ min: 0, max: 2 ** 40 });
    const time = fc.bigInt({ min: 1n, max: 2n ** 60n });
    await fc.assert(
      fc.asyncProperty(rate, index, fc.nat(2 ** 30), time, async (rateHz, anchor, further, timeNs) => {
        const first = anchor + further;
        const live = new StreamClock(rateHz);
        live.anchor(anchor, timeNs);
        const again = new StreamClock(rateHz);
        fc.pre(live.timeOf(first) < 2n ** 62n);

        const { epochSample, epochNs } = await replayed({
          rateHz,
          first,
          timeNs: live.timeOf(first),
          anchor: { index: anchor, timeNs },
        });
        again.anchor(epochSample!, epochNs!);

        for (const i of [0, 1, 7, 441, 100_000, 2 ** 31]) expect(again.timeOf(first + i)).toBe(live.timeOf(first + i));
      }),
      { numRuns: runs(100, 5000) },
    );
  });

  it('is replayed under its own times where a person has changed them', async () => {
    const anchor = { index: 0, timeNs: 5n };

    expect(await replayed({ rateHz: 48_000, first: 7, timeNs: 10n ** 18n, anchor })).toEqual({
      epochNs: 10n ** 18n,
      epochSample: 7,
      timeNs: undefined,
    });
  });
});

/** What a replay says of its times, and with its first samples. */
async function replayed(options: {
  rateHz: number;
  first: number;
  timeNs: bigint;
  anchor: { index: number; timeNs: bigint };
}) {
  const { rateHz, first, timeNs, anchor } = options;
  const capture = {
    'core:sample_start': 0,
    'core:global_index': first,
    'core:datetime': formatTime(timeNs),
    'fenestra:anchor_index': anchor.index,
    'fenestra:anchor_datetime': formatTime(anchor.timeNs),
  };
  const rate = { [rateHz < 1 ? 'fenestra:sample_rate' : 'core:sample_rate']: rateHz };
  const global = { 'core:datatype': 'ri16_le', 'core:version': '1.2.5', ...rate };
  folder.write('it.sigmf-data', new Uint8Array(SAMPLES.buffer));
  const source = await openSource(
    folder.write('it.sigmf-meta', JSON.stringify({ global, captures: [capture], annotations: [] })),
    {},
  );
  expect(source.rateHz).toBe(rateHz);
  const { value } = await source.runs()[Symbol.asyncIterator]().next();
  await source.close();
  return { epochNs: source.epochNs, epochSample: source.epochSample, timeNs: value.timeNs };
}
