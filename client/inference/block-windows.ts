import type { TrendWindow } from '../../server/trend/trend-window.ts';
import { WindowFlag } from '../../server/trend/trend-window.ts';
import type { Channel } from '../../server/wire/events.ts';
import type { TrendBlock } from '../../server/wire/trend-frame.ts';

/**
 * The windows of a block. Of windows that the hub merged into one row nobody
 * knows the figures of each: of such a row there is one window only, its last,
 * with `Gap`, so that no run is made of it.
 */
export function* blockWindows(channel: Channel, block: TrendBlock): Generator<TrendWindow> {
  const { span, firstRow, stream, timeNs, rowNs, arrivedMs, min, max, mean, m2, count, clipped, nonfinite } = block;
  for (let row = 0; row < min.length; row++) {
    yield {
      channel: channel.name,
      stream: String(stream),
      index: (firstRow + row + 1) * span - 1,
      size: channel.window,
      rateHz: channel.rateHz,
      timeNs: timeNs + BigInt(Math.round(row * rowNs + (rowNs / span) * (span - 1))),
      arrivedMs,
      summary: {
        count: count[row],
        min: min[row],
        max: max[row],
        mean: mean[row],
        m2: m2[row],
        clipped: clipped[row],
        nonfinite: nonfinite[row],
      },
      flags: span === 1 ? block.flags[row] : block.flags[row] | WindowFlag.Gap,
    };
  }
}
