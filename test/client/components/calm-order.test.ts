import { describe, expect, it } from 'vitest';
import { CalmOrder, HELD_MS, LONGEST_HELD_MS } from '../../../client/components/calm-order.ts';
import { alarmOf } from '../../support/alarm-scenes.ts';

const [A, B, C] = ['a', 'b', 'c'].map((channel) => ({ ...alarmOf('arcing', channel), priority: 'high' as const }));

describe('a list under a hand', () => {
  it('keeps every line in its place, counts what waits, and shows it once the hand rests', () => {
    let nowMs = 0;
    const order = new CalmOrder(() => nowMs);
    order.arrange('current', [A, B], find);
    order.touch();

    expect(tags(order.arrange('current', [C, B, A], find))).toEqual({ tags: [A.tag, B.tag], waiting: 1 });

    nowMs = HELD_MS;
    expect(tags(order.arrange('current', [C, B, A], find))).toEqual({ tags: [C.tag, B.tag, A.tag], waiting: 0 });
  });

  it('is held no longer than half a minute by a hand that never rests, and again then', () => {
    let nowMs = 0;
    const order = new CalmOrder(() => nowMs);
    order.arrange('current', [A, B], find);
    const seen: number[] = [];
    for (; nowMs < LONGEST_HELD_MS * 2; nowMs += 1000) {
      order.touch();
      if (order.arrange('current', nowMs < LONGEST_HELD_MS + 2000 ? [C, B, A] : [B, A], find).alarms[0] === C) {
        seen.push(nowMs);
      }
    }

    expect(seen[0]).toBe(LONGEST_HELD_MS);
    expect(seen).toHaveLength(2);
    expect(tags(order.arrange('current', [B, A, C], find)).waiting).toBe(0);
  });

  it('holds nothing where nothing is left of what was shown', () => {
    const order = new CalmOrder(() => 0);
    order.arrange('current', [A], find);
    order.touch();

    expect(tags(order.arrange('current', [B], find))).toEqual({ tags: [B.tag], waiting: 0 });
  });

  it('lets in below the others, at once, what is critical', () => {
    const order = new CalmOrder(() => 0);
    order.arrange('current', [A, B], find);
    order.touch();
    const critical = { ...C, priority: 'critical' as const };

    expect(tags(order.arrange('current', [critical, B, A], find))).toEqual({
      tags: [A.tag, B.tag, C.tag],
      waiting: 0,
    });
    expect(tags(order.arrange('current', [critical, A, B], find)).tags).toEqual([A.tag, B.tag, C.tag]);
  });

  it('shows in its place what has changed, what went to another list, and what is over', () => {
    const order = new CalmOrder(() => 0);
    order.arrange('current', [A, B, C], find);
    order.touch();
    const hidden = { ...B, hidden: [{ reason: 'shelved' as const, sinceMs: 0 }] };

    const { alarms } = order.arrange('current', [{ ...A, state: 'acknowledged' }], (tag) =>
      tag === B.tag ? hidden : undefined,
    );

    expect(alarms).toEqual([{ ...A, state: 'acknowledged' }, hidden, { ...C, state: 'normal' }]);
  });

  it('is another list at once, and lets go when asked', () => {
    const order = new CalmOrder(() => 0);
    order.arrange('current', [A], find);
    order.touch();

    expect(tags(order.arrange('shelved', [B], find))).toEqual({ tags: [B.tag], waiting: 0 });
    order.touch();
    order.release();
    expect(tags(order.arrange('shelved', [C], find))).toEqual({ tags: [C.tag], waiting: 0 });
  });
});

const find = () => undefined;

function tags({ alarms, waiting }: ReturnType<CalmOrder['arrange']>) {
  return { tags: alarms.map(({ tag }) => tag), waiting };
}
