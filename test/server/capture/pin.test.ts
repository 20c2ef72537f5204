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

function write(sink: SampleSink, from: number, samples: number): void {
  const bytes = new Uint8Array(Int16Array.from(values(from, from + samples)).buffer);
  sink.write(bytes, 0, bytes.length, 0);
}

function values(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => (from + i) % 9973);
}
