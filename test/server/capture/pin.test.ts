import { expect, it } from 'vitest';
import type { SampleSink } from '../../../server/trend/sample-sink.ts';
import { CapturedRings } from '../../support/captured-rings.ts';

it('records of a range that is still to come nothing that was before it, however often the ring is overtaken until then', async () => {
  const it = await CapturedRings.open({ capture: { ring_bytes: 64 * 1024 } });
  const sink = it.stream('a');
  write(sink, 0, 5000);
  const span = { kind: 'between', fromNs: 200_000_000_000n, toNs: 200_500_000_000n } as const;
  const order = { channel: 'a', cause: { kind: 'person', comment: '' }, span } as const;
  const [whole, stopped] = [1, 2].map(() => it.control.request(order).id) as [string, string];
  const late = it.control.request({ ...order, span: { ...span, toNs: 200_000_000_000n } }).id; // one sample
  for (let from = 5000; from < 200_000; from += 1000) {
    write(sink, from, 1000);
    it.control.turn();
    await Promise.resolve();
    expect(it.handed(whole).bytes).toBe(0);
  }
  expect(it.control.status()).toMatchObject({ active: 3, shortened: 0 });

  it.control.release(stopped);
  write(sink, 200_000, 300);
  it.control.turn();
  sink.seek(200_900, 0);
  write(sink, 200_900, 5000);
  it.control.turn();

  expect(it.handed(whole)).toMatchObject({ bytes: 600, end: { overtaken: 0 } });
  expect(it.handed(whole).runs).toEqual([{ index: 200_000, samples: values(200_000, 200_300) }]);
  expect(it.handed(late).runs).toEqual([{ index: 200_000, samples: values(200_000, 200_001) }]);
  expect([it.dropped, it.handed(stopped).bytes]).toEqual([[stopped], 0]);
});

it('refuses a range of the stream before, and keeps what of a range lies in this one', async () => {
  const it = await CapturedRings.open({ capture: { ring_bytes: 64 * 1024 } });
  write(it.stream('a'), 0, 1000);
  const request = (fromNs: bigint, toNs: bigint) =>
    it.control.request({
      channel: 'a',
      cause: { kind: 'person', comment: '' },
      span: { kind: 'between', fromNs, toNs },
    });

  const before = request(-2_000_000_000n, -1_000_000_000n);
  const until = request(-2_000_000_000n, 0n);
  const across = request(-2_000_000_000n, 100_000_000n);

  const lack = /^no sample of that range is there any more/;
  expect([before, until]).toMatchObject([
    { state: 'refused', note: expect.stringMatching(lack) },
    { state: 'refused', note: expect.stringMatching(lack) },
  ]);
  expect(across).toMatchObject({ state: 'recording', from: 0, to: 100 });
});

function write(sink: SampleSink, from: number, samples: number): void {
  const bytes = new Uint8Array(Int16Array.from(values(from, from + samples)).buffer);
  sink.write(bytes, 0, bytes.length, 0);
}

function values(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) % 9973);
}
