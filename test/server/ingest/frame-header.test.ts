import { describe, expect, it } from 'vitest';
import { readFrameHeader } from '../../../server/ingest/frame-header.ts';
import { frameBytes } from '../../support/device.ts';

const END_NS = BigInt(Date.UTC(2261, 0, 1)) * 1_000_000n;

describe('the time of a frame', () => {
  it.each([0n, 1n, END_NS - 1n])('may be %d', (timeNs) => {
    expect(read(timeNs).timeNs).toBe(timeNs);
  });

  it.each([-1n, -(2n ** 63n), END_NS, 2n ** 63n - 1n])('is refused where it is %d', (timeNs) => {
    expect(() => read(timeNs)).toThrow(
      expect.objectContaining({
        code: 'FRAME_INVALID',
        message: `time_ns ${timeNs}, expected 0 or a time from 1970 on and before 2261, ${END_NS}`,
      }),
    );
  });
});

function read(timeNs: bigint) {
  return readFrameHeader(frameBytes(0, new Int16Array(1), { timeNs }), 0, 2);
}
