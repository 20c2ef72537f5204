import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamBook } from '../../../server/history/stream-book.ts';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { runs } from '../../support/runs.ts';

describe('the book of a stream', () => {
  it('takes every window once, in whatever runs they come again', () => {
    const sends = fc.array(fc.record({ from: fc.nat(60), count: fc.nat(20) }), { maxLength: 20 });
    fc.assert(
      fc.property(sends, (all) => {
        const book = new StreamBook(1);
        const taken: number[] = [];
        for (const { from, count } of all) {
          for (let index = from; index < from + count; index++) if (book.take(whole(index))) taken.push(index);
        }

        expect(new Set(taken).size).toBe(taken.length);
        expect(book.safe).toBe(Math.max(-1, ...taken) + 1);
      }),
      { numRuns: runs(300, 20_000) },
    );
  });

  it('takes what was given up when it comes again, and nothing else', () => {
    const book = filled(20);
    for (let index = 5; index < 10; index++) book.giveUp({ window: index, flags: 0 });

    expect(book.safe).toBe(5);
    expect(book.holes()).toEqual([{ stream: 1, from: 5, to: 10 }]);
    expect([4, 5, 6, 6, 12].map((index) => book.take(whole(index)))).toEqual([false, true, true, false, false]);
    expect(book.safe).toBe(7);
  });

  it('closes a hole that its device, back again, passes over', () => {
    const book = filled(20);
    for (let index = 5; index < 10; index++) book.giveUp({ window: index, flags: 0 });
    book.take(whole(20)); // of a device that knows nothing yet
    expect(book.safe).toBe(5);

    book.setDue(5);
    book.take(whole(8));

    expect(book.holes()).toEqual([{ stream: 1, from: 9, to: 10 }]);
    book.take(whole(21));
    expect(book.safe).toBe(22);
  });

  it('keeps a hole that nobody was asked for yet, whatever else is sent again', () => {
    const book = filled(60);
    for (const index of [10, 11, 30, 31]) book.giveUp({ window: index, flags: 0 });

    book.setDue(30); // of a device that was asked for what comes after it
    book.take(whole(60));

    expect(book.holes()).toEqual([{ stream: 1, from: 10, to: 12 }]);
    expect(book.askForHoles()).toBe(true);
  });

  it('makes one hole of one fault, whatever the device left out, and none of what is written between two', () => {
    const book = filled(0);
    for (let index = 0; index < 200; index += 2) book.take(whole(index));
    for (let index = 0; index < 200; index += 2) book.giveUp({ window: index, flags: 0 });
    expect(book.holes()).toEqual([{ stream: 1, from: 0, to: 199 }]);
    for (const index of [210, 220]) book.take(whole(index));
    book.setWritten();
    book.take(whole(230));
    book.giveUp({ window: 230, flags: 0 });

    expect(book.holes()).toEqual([
      { stream: 1, from: 0, to: 199 },
      { stream: 1, from: 230, to: 231 },
    ]);
    expect([book.take(whole(1)), book.take(whole(210))]).toEqual([true, false]);
  });

  it('says of a hole that is one too many that it is lost', () => {
    const book = filled(1000);
    for (let hole = 0; hole < 66; hole++) book.giveUp({ window: hole * 10, flags: 0 });

    expect(book.safe).toBe(20);
    expect(book.takeLost()).toEqual({ from: 0, to: 11, windows: 2 });
    expect(book.takeLost()).toBeUndefined();
  });

  it('asks once for every hole', () => {
    const book = filled(20);
    book.giveUp({ window: 5, flags: 0 });
    expect([book.askForHoles(), book.askForHoles()]).toEqual([true, false]);
    book.giveUp({ window: 6, flags: 0 });
    expect([book.askForHoles(), book.askForHoles()]).toEqual([true, false]);
  });

  it('stands before a window that came in part, and takes a fuller one', () => {
    const book = filled(3);
    expect(book.take(part(3, 4))).toBe(true);
    expect(book.safe).toBe(3);
    expect([part(3, 4), part(3, 5), whole(3, 5), whole(3, 9), whole(3, 9)].map((one) => book.take(one))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(book.safe).toBe(4);
  });
});

/** A book in which windows are written. */
function filled(windows: number): StreamBook {
  const book = new StreamBook(1);
  for (let index = 0; index < windows; index++) book.take(whole(index));
  book.setWritten();
  return book;
}

function whole(index: number, count = 10) {
  return { index, flags: 0, count, nonfinite: 0 };
}

function part(index: number, count: number) {
  return { ...whole(index, count), flags: WindowFlag.Partial };
}
