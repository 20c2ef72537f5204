import { describe, expect, it } from 'vitest';
import type { Device } from '../../support/device.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();
const hello = (stream: string) => ({ 'fenestra:window': 10, 'fenestra:stream': stream });

describe('the account of a channel', () => {
  it('goes on over streams that end, come back and are forgotten', async () => {
    await sendAndFinish(await fixture.open(hello('a')), 10);
    for (let i = 0; i < 3; i++) {
      await sendAndFinish(await fixture.reopen(hello('b')), 10);
      await sendAndFinish(await fixture.reopen(hello('a')), 10);
    }
    for (let i = 0; i < 65; i++) await sendAndFinish(await fixture.reopen(hello(`s${i}`)), 10);

    expect(fixture.ingest.ledger()).toMatchObject({ received: 670, duplicate: 50, expected: 670, streams: 67 });
    await sendAndFinish(await fixture.reopen(hello('a')), 10); // forgotten: anew
    expect(fixture.ingest.ledger()).toMatchObject({ received: 680, duplicate: 50, expected: 680, streams: 68 });
  });

  it('shows the newest 100 gaps of all its streams, newest last', async () => {
    await sendGaps(await fixture.open(hello('a')), 90);
    await sendGaps(await fixture.reopen(hello('b')), 70);
    await sendGaps(await fixture.reopen(hello('c')), 5);
    const { gaps, gapRanges } = fixture.ingest.ledger();

    expect(gaps).toBe(165);
    expect(gapRanges.map(({ stream, from }) => `${stream}${from}`)).toEqual([
      ...names('a', 65, 90),
      ...names('b', 0, 70),
      ...names('c', 0, 5),
    ]);
  });

  it('keeps 1,000 gaps of the current stream and 100 of another', async () => {
    await sendGaps(await fixture.open(hello('a')), 1001);
    const again = await fixture.reopen(hello('a'));
    again.frame(9, ramp(0, 22)); // gaps of one sample at 10, which is forgotten, 20 and 30
    await again.finish();
    expect(fixture.ingest.ledger()).toMatchObject({ gaps: 1001, late: 2 });

    await sendGaps(await fixture.reopen(hello('b')), 1);
    const back = await fixture.reopen(hello('a'));
    back.frame(9000, ramp(0, 1000)); // the newest 100 of 'a' are those from 9020 on
    await back.finish();
    expect(fixture.ingest.ledger()).toMatchObject({ gaps: 1002, late: 2 + 98 });
  });
});

async function sendAndFinish(device: Device, samples: number): Promise<void> {
  device.frame(0, ramp(0, samples));
  await device.finish();
}

// Frames of 9 samples, and the tenth missing, `gaps` times.
async function sendGaps(device: Device, gaps: number): Promise<void> {
  for (let i = 0; i <= gaps; i++) device.frame(10 * i + 1, ramp(0, 9));
  await device.finish();
}

function names(stream: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${stream}${10 * (from + i) + 10}`);
}
