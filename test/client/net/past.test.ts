import { describe, expect, it } from 'vitest';
import { type ChannelWish, Past } from '../../../client/net/past.ts';
import { PointLedger } from '../../../client/store/point-ledger.ts';
import { FILL_LIMIT, FILL_RANGES } from '../../../server/wire/events.ts';
import { channel } from '../../support/fake-hub.ts';

describe('past', () => {
  it('asks for what is wished before the present, once', () => {
    const { past, begin } = create([{ name: '*', lastSeconds: 60 }]);
    begin('x', 20_000);

    expect(past.ask(1)).toEqual({
      type: 'fill',
      id: 1,
      channels: [{ name: 'x', ranges: [{ from: 8000, to: 20_000 }] }],
    });
    expect(past.ask(2)).toBeUndefined();
    expect([...past.loading]).toEqual(['x']);
    past.finish(1);
    expect([...past.loading]).toEqual([]);
    expect(past.ask(3)).toBeUndefined();
  });

  it('asks for no more than there ever was', () => {
    const { past, begin } = create([{ name: '*', lastSeconds: 60 }]);
    begin('x', 7);
    begin('y', 0);

    expect(past.ask(1)?.channels).toEqual([{ name: 'x', ranges: [{ from: 0, to: 7 }] }]);
  });

  it('asks for a longer past behind the one that was asked for', () => {
    const { past, begin } = create([{ name: '*', lastSeconds: 1, rate: 100 }]);
    begin('x', 20_000);
    past.ask(1);

    past.wish([{ name: '*', lastSeconds: 10, rate: 4 }]);

    expect(past.ask(2)?.channels).toEqual([{ name: 'x', ranges: [{ from: 18_000, to: 19_800, rate: 4 }] }]);
  });

  it('asks after a loss for all that was missed at full rate, and for the rest of the past as it is wished', () => {
    const { past, begin, ledgers } = create([{ name: '*', lastSeconds: 60, rate: 40 }]);
    begin('x', 20_000);
    past.ask(1);
    ledgers.get('x')!.add(15_000, 21_000); // all of the present, and the newest of the past

    past.restart();
    begin('x', 25_000);

    expect(past.ask(2)?.channels).toEqual([
      { name: 'x', ranges: [{ from: 13_000, to: 15_000, rate: 40 }, { from: 21_000, to: 25_000 }] }, // biome-ignore format: a list
    ]);
  });

  it('asks for what was missed though nothing older is wished', () => {
    const { past, begin, ledgers } = create([{ name: '*', lastSeconds: 0 }]);
    begin('x', 100);
    expect(past.ask(1)).toBeUndefined();
    ledgers.get('x')!.add(100, 150);
    past.restart();
    begin('x', 90_000);

    expect(past.ask(2)?.channels).toEqual([{ name: 'x', ranges: [{ from: 150, to: 90_000 }] }]);
  });

  it('asks for nothing again when the hub says again on a connection what it sends', () => {
    const { past, begin } = create([{ name: '*', lastSeconds: 1 }]);
    begin('x', 1000);
    past.ask(1);

    begin('x', 1100); // coarser from here on, as for a viewer that is slow

    expect(past.ask(2)).toBeUndefined();
  });

  it('wishes by name before it wishes for all', () => {
    const { past, begin } = create([{ name: 'y', lastSeconds: 2 }, { name: '*', lastSeconds: 0 }]); // biome-ignore format: a list
    begin('x', 1000);
    begin('y', 1000);

    expect(past.ask(1)?.channels).toEqual([{ name: 'y', ranges: [{ from: 600, to: 1000 }] }]);
  });

  it('asks for the newest first where there are more holes than one command may name, and for the others later', () => {
    const { past, begin, ledgers } = create([{ name: '*', lastSeconds: 0 }]);
    for (let hole = 0; hole < 100; hole++) ledgers.get('x')!.add(hole * 10, hole * 10 + 5);
    begin('x', 1000);

    const first = past.ask(1)!.channels[0].ranges;
    const second = past.ask(2)!.channels[0].ranges;

    expect(first.at(-1)).toEqual({ from: 995, to: 1000 });
    expect([first.length, second.length]).toEqual([FILL_RANGES, 100 - FILL_RANGES]);
    expect(second.at(-1)!.to).toBeLessThan(first[0].from);
    expect(past.ask(3)).toBeUndefined();
  });

  it('has no more under way than it may, and goes on when one is done', () => {
    const { past, begin } = create([]);
    begin('x', 90_000);
    for (let id = 1; id <= FILL_LIMIT; id++) {
      past.wish([{ name: 'x', lastSeconds: id }]);
      expect(past.ask(id)).toBeDefined();
    }

    past.wish([{ name: 'x', lastSeconds: 100 }]);
    expect(past.ask(9)).toBeUndefined();
    past.finish(3);

    expect(past.ask(10)?.channels).toEqual([{ name: 'x', ranges: [{ from: 70_000, to: 90_000 - 8 * 200 }] }]);
  });
});

/** A past of two channels with 200 windows a second each, of which nothing is held. */
function create(wishes: readonly ChannelWish[]) {
  const ledgers = new Map(['x', 'y'].map((name) => [name, new PointLedger()]));
  const past = new Past((name) => ledgers.get(name));
  past.setChannels(['x', 'y'].map((name) => channel(name)));
  past.wish(wishes);
  const begin = (name: string, from: number) => past.begin({ name, number: 0, span: 1, from, next: from });
  return { past, begin, ledgers };
}
