import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kept, Queue } from '../../../server/notify/queue.ts';
import { alarmMessage } from '../../support/outputs.ts';

const LIMITS = { messages: 50, bytes: 2000 };

describe('a queue', () => {
  it('keeps its bounds, order and the newest of every alarm, and counts all that it leaves out', () => {
    const step = fc.oneof(
      fc.record({ alarm: fc.nat(20), bytes: fc.integer({ min: 1, max: 120 }) }),
      fc.record({ take: fc.nat(5), isOnceEach: fc.boolean() }),
    );
    const property = fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new Queue(LIMITS);
      const added: Kept[] = [];
      let taken = 0;
      for (const one of steps) {
        if ('take' in one) {
          const expected = queue.all.slice(0, one.take);
          const got = queue.take(one.take, one.isOnceEach);
          taken += got.length;
          expect(got).toEqual(expected.slice(0, got.length));
          const tags = got.map(({ message }) => message.tag);
          if (one.isOnceEach) expect(new Set(tags).size).toBe(tags.length);
          if (got.length < expected.length) expect(tags).toContain(expected[got.length]!.message.tag);
          continue;
        }
        added.push({ n: added.length, bytes: one.bytes, message: alarmMessage({ tag: `a${one.alarm}:c` }) });
        queue.add(added.at(-1)!);
        const kept = queue.all;
        expect(kept.length).toBeLessThanOrEqual(LIMITS.messages);
        expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(LIMITS.bytes);
        expect(kept.map(({ n }) => n)).toEqual(kept.map(({ n }) => n).sort((a, b) => a - b));
        expect(kept.at(-1)).toBe(added.at(-1));
        expect(queue.superseded + queue.dropped + taken + kept.length).toBe(added.length);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('leaves out what is superseded before anything else', () => {
    const queue = new Queue({ messages: 10, bytes: 1e6 });
    const add = (n: number, alarm: number) => queue.add({ n, bytes: 1, message: alarmMessage({ tag: `a${alarm}:c` }) });
    for (let n = 0; n < 11; n++) add(n, n < 3 ? n : 9);

    expect(queue.all.map(({ n }) => n)).toEqual([0, 1, 2, 10]);
    expect([queue.superseded, queue.dropped]).toEqual([7, 0]);
    for (let n = 11; n < 18; n++) add(n, n);
    expect(queue.all.map(({ n }) => n)).toEqual([2, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect([queue.superseded, queue.dropped]).toEqual([7, 2]);
  });
});
