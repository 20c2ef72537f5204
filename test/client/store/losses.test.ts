import { describe, expect, it } from 'vitest';
import { Losses } from '../../../client/store/losses.ts';
import { Outages } from '../../../client/store/outages.ts';
import { PointLedger } from '../../../client/store/point-ledger.ts';

const WINDOW_MS = 5;

describe('the losses of a channel', () => {
  it('lie in the hole, each in its own part of it', () => {
    const { ledger, take } = hole({ beforeMs: 1000, afterMs: 1500 });

    const [first, second] = take([100, 150], [150, 200]);

    expect(first).toMatchObject({ ranges: [{ fromMs: 1000, toMs: 1250 }], points: 50 });
    expect(second).toMatchObject({ ranges: [{ fromMs: 1250, toMs: 1500 }], points: 50 });
    first.recover(50);
    second.recover(40);
    expect({ missing: ledger.missing, abandoned: ledger.abandoned }).toEqual({ missing: 0, abandoned: 10 });
  });

  it.each([
    ['back', 1000 - 3_600_000],
    ['back by less than was lost', 1100],
  ])('may lie on either side of where the clock was set %s, and never end before they begin', (_, afterMs) => {
    const { ledger, take } = hole({ beforeMs: 1000, afterMs });

    const [loss] = take([120, 200]);

    expect(loss).toMatchObject({
      ranges: [
        { fromMs: 1000 + 20 * WINDOW_MS, toMs: 1000 + 100 * WINDOW_MS },
        { fromMs: afterMs - 80 * WINDOW_MS, toMs: afterMs },
      ],
      points: 80,
    });
    for (const { fromMs, toMs } of loss.ranges) expect(fromMs).toBeLessThan(toMs);
    loss.recover(80);
    expect({ missing: ledger.missing, abandoned: ledger.abandoned }).toEqual({ missing: 20, abandoned: 0 });
  });

  it('are looked for on both sides of a step in a former life of the hub, too', () => {
    const { ledger, losses } = hole({ beforeMs: 1000, afterMs: -9000 });

    losses.restart(ledger, WINDOW_MS);

    const [loss] = losses.take(new PointLedger(), { isSettled: true, windowMs: WINDOW_MS });
    expect(loss.ranges).toEqual([
      { fromMs: 1000, toMs: 1500 },
      { fromMs: -9500, toMs: -9000 },
    ]);
  });
});

/** Points 100 … 199 never came; those before end at one time, those after begin at another. */
function hole({ beforeMs, afterMs }: { beforeMs: number; afterMs: number }) {
  const losses = new Losses(new Outages());
  const ledger = new PointLedger();
  ledger.add(0, 100, { fromMs: beforeMs - 100 * WINDOW_MS, toMs: beforeMs });
  ledger.add(200, 300, { fromMs: afterMs, toMs: afterMs + 100 * WINDOW_MS });
  return {
    losses,
    ledger,
    take: (...ranges: readonly (readonly [from: number, to: number])[]) => {
      for (const [from, to] of ranges) losses.name(from, to);
      return losses.take(ledger, { isSettled: true, windowMs: WINDOW_MS });
    },
  };
}
