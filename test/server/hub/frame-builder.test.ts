import { expect, it } from 'vitest';
import { FRAME_BYTES, FrameBuilder, rowsIn } from '../../../server/hub/frame-builder.ts';
import { readRows } from '../../../server/hub/row-reader.ts';
import { WindowRing } from '../../../server/hub/window-ring.ts';
import { decodeTrendFrame } from '../../../server/wire/trend-frame.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const WINDOWS = 150_000;

it.each([1, 7, 1000, 100_000])('merges at most 65,536 windows and a row into one frame: span %i', (span) => {
  const ring = new WindowRing(WINDOWS);
  for (let index = 0; index < WINDOWS; index++) ring.push(trendWindow({ index }));
  const builder = new FrameBuilder();
  let from = 0;

  const frames: number[] = [];
  for (;;) {
    const built = builder.build(
      1,
      { turn: 0 },
      (_lane, room) => {
        const range = { span, from, end: WINDOWS, isClosed: true, rows: rowsIn(room, span) };
        const block = readRows(ring, 0, range, room.columns, room.at);
        if (block) from = block.lastSeq + 1;
        return block;
      },
      0,
    );
    if (!built) break;
    const { blocks } = decodeTrendFrame(new Uint8Array(built.bytes).buffer);
    frames.push(blocks.reduce((sum, { windows }) => sum + windows, 0));
    expect(built.bytes.byteLength).toBeLessThanOrEqual(FRAME_BYTES);
    expect(built.costBytes).toBeGreaterThanOrEqual(built.bytes.byteLength);
  }

  expect(frames.reduce((sum, windows) => sum + windows, 0)).toBe(WINDOWS);
  expect(Math.max(...frames)).toBeLessThan(65_536 + span);
});
