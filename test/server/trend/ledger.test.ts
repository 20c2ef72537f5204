import { expect, it } from 'vitest';
import { Channel } from '../../../server/ingest/channel.ts';
import type { Hello } from '../../../server/ingest/hello.ts';
import type { ChannelInfo } from '../../../server/trend/channel-info.ts';
import { imbalances } from '../../../server/trend/ledger.ts';
import type { SampleSink } from '../../../server/trend/sample-sink.ts';

it('does not balance where the faults of two streams cancel', () => {
  const faults = [10, -10];
  const channel = new Channel('etch-1', { openSink: () => sinkOff(faults.shift() ?? 0) });
  const holder = { address: '127.0.0.1' };
  for (const stream of ['a', 'b']) {
    channel.open(holder, { sample: { bytes: 2 } } as Hello, { stream, rateHz: 1000, window: 10 } as ChannelInfo);
    channel.close(holder, 0);
  }

  const entry = channel.entry();

  expect(entry.received).toBe(entry.reduced + entry.pending);
  expect(imbalances(entry)).toEqual(['its streams are off by 20 samples, which cancel']);
});

/** A sink that accounts for `pending` samples that nobody gave it. */
function sinkOff(pending: number): SampleSink {
  return {
    safe: 0,
    tally: { reduced: 0, pending, clipped: 0, nonfinite: 0, windows: 0 },
    describe() {},
    seek() {},
    write() {},
    end() {},
    release() {},
  };
}
