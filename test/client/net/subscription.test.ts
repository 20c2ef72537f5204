import { describe, expect, it } from 'vitest';
import { Subscription } from '../../../client/net/subscription.ts';

describe('subscription', () => {
  it('starts with the past that is wished', () => {
    const subscription = create({ lastSeconds: 60 });

    expect(subscription.command(1)).toEqual({
      type: 'subscribe',
      id: 1,
      epoch: 'a',
      channels: [{ name: '*', lastSeconds: 60 }],
    });
  });

  it('resumes every channel that it holds by its own number', () => {
    const subscription = create({ lastSeconds: 60 });
    subscription.begin({ name: 'x', number: 0, span: 1, from: 100, next: 150 });
    subscription.begin({ name: 'y', number: 1, span: 1, from: 7, next: 7 });
    subscription.hold('x', 149);

    const { channels } = subscription.command(2);

    expect(channels).toEqual([
      { name: '*', lastSeconds: 60 },
      { name: 'x', after: 149 },
      { name: 'y', after: 6 },
    ]);
  });

  it('resumes a refill that was cut off where it was cut off', () => {
    const subscription = create({ lastSeconds: 60 });
    subscription.begin({ name: 'x', number: 0, span: 1, from: 100, next: 150 });
    subscription.hold('x', 120);

    expect(subscription.command(2).channels[1]).toEqual({ name: 'x', after: 120 });
  });

  it('asks for a longer past once, after everything missed has come in', () => {
    const subscription = create({ lastSeconds: 60 });
    subscription.begin({ name: 'x', number: 0, span: 1, from: 100, next: 150 });
    subscription.wish([{ name: '*', lastSeconds: 600 }]);
    expect(subscription.command(2).channels[1]).toEqual({ name: 'x', after: 99 });
    expect(subscription.isOwed).toBe(false);

    subscription.hold('x', 149);
    expect(subscription.isOwed).toBe(true);
    expect(subscription.command(3).channels[1]).toEqual({ name: 'x', lastSeconds: 600 });
    expect(subscription.isOwed).toBe(false);

    subscription.begin({ name: 'x', number: 0, span: 1, from: 0, next: 150 });
    subscription.hold('x', 149);
    expect(subscription.isOwed).toBe(false);
    expect(subscription.command(4).channels[1]).toEqual({ name: 'x', after: 149 });
  });

  it('holds nothing of another life of the hub', () => {
    const subscription = create({ lastSeconds: 60 });
    subscription.begin({ name: 'x', number: 0, span: 1, from: 100, next: 150 });

    expect(subscription.enter('b')).toBe(true);

    expect(subscription.command(2)).toMatchObject({ epoch: 'b', channels: [{ name: '*', lastSeconds: 60 }] });
  });

  it('says whether a wish is news', () => {
    const subscription = create({ lastSeconds: 60 });

    expect(subscription.wish([{ name: '*', lastSeconds: 60 }])).toBe(false);
    expect(subscription.wish([{ name: 'x', lastSeconds: 60, rate: 10 }])).toBe(true);
    expect(subscription.command(1).channels).toEqual([{ name: 'x', lastSeconds: 60, rate: 10 }]);
  });
});

function create({ lastSeconds }: { lastSeconds: number }): Subscription {
  const subscription = new Subscription();
  subscription.wish([{ name: '*', lastSeconds }]);
  subscription.enter('a');
  return subscription;
}
